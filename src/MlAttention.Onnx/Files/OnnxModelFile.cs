using MlAttention.Onnx.Network;

namespace MlAttention.Onnx.Files;

/// <summary>
/// A text classifier in one ONNX file: the graph, and beside it, as metadata, what turns a text into ids and a class into its label,
/// under the names that a text classifier's safetensors file has for it.
/// </summary>
internal static class OnnxModelFile
{
    /// <summary>
    /// For programs that make ids themselves: the id of a token that the vocabulary lacks, and the most ids of a text. The vocabulary is in
    /// the order of the ids.
    /// </summary>
    public const string UnknownIdKey = "mlattention.unknown_id", MaxTokensKey = "mlattention.max_tokens";

    private const string FileSuffix = ";base64";

    /// <summary>Bytes that a file in this format cannot have, and some for what is not weights.</summary>
    private const long MostBytes = int.MaxValue - (16 << 20);

    /// <summary>Writes the file whole or not at all.</summary>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture, or the precision cannot hold the weights; the message says what.</exception>
    /// <exception cref="ArgumentException">The weights, the vocabulary or the labels do not fit the architecture, or an option is out of range.</exception>
    public static void Write(string path, TextClassifierParts parts, OnnxOptions? options)
    {
        var model = ToModel(parts, options ?? new());
        AtomicFile.Write(path, stream => model.WriteTo(stream));
    }

    /// <summary>The classifier as a model of ONNX.</summary>
    public static ModelProto ToModel(TextClassifierParts parts, OnnxOptions options)
    {
        options.Validate();
        long bytes = parts.Weights.Sum(weight => (long)weight.Values.Length) * options.Precision switch { OnnxPrecision.Float32 => 4, OnnxPrecision.Float16 => 2, _ => 1 };
        if (bytes > MostBytes)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"The weights take {bytes} bytes, and an ONNX file ends at 2 GB. Use Precision = {(options.Precision == OnnxPrecision.Float32 ? OnnxPrecision.Float16 : OnnxPrecision.Int8)}, or a smaller model."));
        var model = ClassifierGraph.Of(parts.Configuration, parts.Weights, options.Precision);
        foreach (var (key, value) in Metadata(parts)) model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        return model;
    }

    /// <summary>A text classifier's parts without its weights.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or not an ONNX file that MlAttention wrote.</exception>
    public static TextClassifierParts ReadParts(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"{path}: there is no such file.", path);
        var entries = Read(path).MetadataProps;
        var (metadata, files) = (new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, byte[]>(StringComparer.Ordinal));
        foreach (var entry in entries)
        {
            if (!entry.Key.EndsWith(FileSuffix, StringComparison.Ordinal)) metadata[entry.Key] = entry.Value;
            else files[entry.Key[..^FileSuffix.Length]] = Bytes(entry, path);
        }
        if (!metadata.ContainsKey(TextClassifierFile.VersionKey))
            throw new InvalidDataException($"{path}: is no ONNX file of a text classifier: its metadata lacks '{TextClassifierFile.VersionKey}'. Write one with mlContext.Model.SaveOnnx, or mlattention export --onnx.");
        return TextClassifierFile.Read(metadata, files, path);
    }

    private static Dictionary<string, string> Metadata(TextClassifierParts parts)
    {
        var metadata = TextClassifierFile.Metadata(parts);
        metadata.Add(UnknownIdKey, parts.Vocabulary.Count.ToString(CultureInfo.InvariantCulture));
        metadata.Add(MaxTokensKey, parts.Architecture.MaxTextTokens.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, content) in TextClassifierFile.Files(parts)) metadata.Add(name + FileSuffix, Convert.ToBase64String(content));
        return metadata;
    }

    private static ModelProto Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"{path}: is damaged, or no ONNX file: {exception.Message}", exception);
        }
    }

    private static byte[] Bytes(StringStringEntryProto entry, string path)
    {
        try
        {
            return Convert.FromBase64String(entry.Value);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"{path}: the metadata's '{entry.Key}' is damaged: {exception.Message}", exception);
        }
    }
}
