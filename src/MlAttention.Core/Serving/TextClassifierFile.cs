using System.Globalization;
using System.Text.Json;

namespace MlAttention.Core.Serving;

/// <summary>Everything that turns a text into a label: what a text classifier's file holds.</summary>
internal sealed record TextClassifierParts
{
    public required TokenizeSequenceOptions Tokenizer { get; init; }

    /// <summary>The tokens in the order of their keys.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }

    public required SequenceModelOptions Architecture { get; init; }

    /// <summary>The labels in the order of the classes; none for a number.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<WeightTensor> Weights { get; init; }

    /// <summary>The probability from which on each label of several is predicted, or, of two classes, the second one; none for the most probable label.</summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [];

    /// <summary>What an engine is built for.</summary>
    public EngineConfiguration Configuration => new(Architecture, TokenIds.EmbeddingRows(Vocabulary.Count, Architecture), Architecture.Task == TaskKind.Regression ? 1 : Labels.Count);
}

/// <summary>
/// A text classifier in one safetensors file: the weights as PyTorch names them, and beside them, as metadata, what turns a text
/// into their tokens and a class into its label. A pretrained tokenizer's own files stand there in place of a vocabulary.
/// </summary>
internal static class TextClassifierFile
{
    /// <summary>The metadata that tells a text classifier's version, and that it is one.</summary>
    public const string VersionKey = "mlattention.version";

    /// <summary>Where the options of tokenizer and architecture stand as JSON, also in a text generator's file.</summary>
    public const string TokenizerKey = "mlattention.tokenizer", ArchitectureKey = "mlattention.architecture";

    /// <summary>Version 2 has the files of a pretrained tokenizer, version 3 texts of several parts, another task or thresholds; a classifier without stays version 1, which older readers know.</summary>
    private const int Version = 3, VersionWithFiles = 2, VersionWithoutFiles = 1;
    private const string ThresholdsKey = "mlattention.thresholds";

    public static void Write(string path, TextClassifierParts parts) => SafetensorsFile.Write(path, parts.Weights, Metadata(parts), Files(parts));

    /// <exception cref="InvalidDataException">The file is damaged, holds weights alone, or was written by a newer version.</exception>
    public static TextClassifierParts Read(string path)
    {
        var weights = SafetensorsFile.Read(path, out var metadata, out var files);
        return Read(metadata, files, path) with { Weights = weights };
    }

    /// <summary>What turns a text into tokens and a class into its label, as texts by name.</summary>
    public static Dictionary<string, string> Metadata(TextClassifierParts parts)
    {
        var metadata = new Dictionary<string, string>(new RowNames(parts.Tokenizer.Pretrained is null ? parts.Vocabulary : null, parts.Architecture.Task == TaskKind.Regression ? null : parts.Labels).ToMetadata())
        {
            [VersionKey] = VersionOf(parts).ToString(CultureInfo.InvariantCulture),
            [TokenizerKey] = JsonSerializer.Serialize(parts.Tokenizer with { VocabularyPath = null }, ServingJson.Default.TokenizeSequenceOptions),
            [ArchitectureKey] = JsonSerializer.Serialize(parts.Architecture, ServingJson.Default.SequenceModelOptions),
        };
        if (parts.Thresholds.Count > 0) metadata.Add(ThresholdsKey, string.Join(' ', parts.Thresholds.Select(threshold => threshold.ToString("R", CultureInfo.InvariantCulture))));
        return metadata;
    }

    /// <summary>The files of a pretrained tokenizer, by name; none of another one.</summary>
    /// <exception cref="NotSupportedException">The tokenizer was made around another one, and has no files.</exception>
    public static IReadOnlyDictionary<string, byte[]> Files(TextClassifierParts parts) =>
        parts.Tokenizer.Pretrained is { } pretrained ? TokenizerFiles.Of(pretrained) : new Dictionary<string, byte[]>();

    /// <summary>A text classifier's parts without its weights, from what <see cref="Metadata"/> and <see cref="Files"/> gave.</summary>
    /// <exception cref="InvalidDataException">They are damaged, or were written by a newer version.</exception>
    public static TextClassifierParts Read(IReadOnlyDictionary<string, string> metadata, IReadOnlyDictionary<string, byte[]> files, string path)
    {
        RequireVersion(path, metadata);
        var names = RowNames.Read(metadata, path);
        try
        {
            var pretrained = TokenizerFiles.Read(files, path);
            var architecture = ServingJson.Read(Entry(ArchitectureKey), ServingJson.Default.SequenceModelOptions);
            var parts = new TextClassifierParts
            {
                Tokenizer = ServingJson.Read(Entry(TokenizerKey), ServingJson.Default.TokenizeSequenceOptions) with { Pretrained = pretrained },
                Vocabulary = pretrained?.Tokens ?? names.Vocabulary ?? throw Lacks(RowNames.VocabularyKey),
                Architecture = architecture,
                Labels = architecture.Task == TaskKind.Regression ? [] : names.Labels ?? throw Lacks(RowNames.LabelsKey),
                Weights = [],
                Thresholds = metadata.TryGetValue(ThresholdsKey, out string? thresholds) ? Numbers(thresholds) : [],
            };
            parts.Tokenizer.Validate();
            parts.Architecture.Validate();
            if (architecture.Task.PredictsTokens) throw new ArgumentException($"its model is one for {architecture.Task}, which is no classifier.");
            RequireThresholds(parts);
            return parts;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException)
        {
            throw new InvalidDataException($"{path}: the text classifier cannot be read: {exception.Message}", exception);
        }

        string Entry(string key) => metadata.TryGetValue(key, out string? value) ? value : throw Lacks(key);
        InvalidDataException Lacks(string key) => new($"{path}: the metadata lacks '{key}'.");
    }

    private static void RequireVersion(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(VersionKey, out string? version))
            throw new InvalidDataException($"{path}: holds weights alone, not a text classifier. Write one with mlContext.Model.SaveTextClassifier, or mlattention export.");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < VersionWithoutFiles or > Version)
            throw new InvalidDataException($"{path}: is a text classifier of version '{version}'; this version of MlAttention reads versions {VersionWithoutFiles} to {Version}. Update MlAttention.");
    }

    private static int VersionOf(TextClassifierParts parts) => parts.Architecture.Task != TaskKind.SingleLabel || parts.Thresholds.Count > 0 || parts.Tokenizer.PartCount > 1 ? Version
        : parts.Tokenizer.Pretrained is null ? VersionWithoutFiles : VersionWithFiles;

    private static double[] Numbers(string text) => [.. text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    /// <exception cref="ArgumentException">There is not one threshold for each label, or one is no probability.</exception>
    private static void RequireThresholds(TextClassifierParts parts)
    {
        if (parts.Thresholds.Count != 0 && parts.Thresholds.Count != parts.Labels.Count) throw new ArgumentException($"there are {parts.Thresholds.Count} thresholds for {parts.Labels.Count} labels.");
        if (!parts.Thresholds.All(threshold => threshold is >= 0 and <= 1)) throw new ArgumentException("a threshold is no probability from 0 to 1.");
        if (parts.Thresholds.Count > 0 && parts.Architecture.Task != TaskKind.MultiLabel && (parts.Architecture.Task != TaskKind.SingleLabel || parts.Labels.Count != 2)) throw new ArgumentException("thresholds are for several labels, or for two classes.");
    }
}
