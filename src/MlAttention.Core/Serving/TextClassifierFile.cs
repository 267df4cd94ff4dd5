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

    /// <summary>The labels in the order of the classes.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<WeightTensor> Weights { get; init; }
}

/// <summary>
/// A text classifier in one safetensors file: the weights as PyTorch names them, and beside them, as metadata, what turns a text
/// into their tokens and a class into its label. A pretrained tokenizer's own files stand there in place of a vocabulary.
/// </summary>
internal static class TextClassifierFile
{
    /// <summary>Version 2 has the files of a pretrained tokenizer; a classifier without stays version 1, which older readers know.</summary>
    private const int Version = 2, VersionWithoutFiles = 1;
    private const string Prefix = "mlattention.", VersionKey = Prefix + "version", TokenizerKey = Prefix + "tokenizer",
        ArchitectureKey = Prefix + "architecture";

    public static void Write(string path, TextClassifierParts parts)
    {
        var pretrained = parts.Tokenizer.Pretrained;
        var metadata = new Dictionary<string, string>(new RowNames(pretrained is null ? parts.Vocabulary : null, parts.Labels).ToMetadata())
        {
            [VersionKey] = (pretrained is null ? VersionWithoutFiles : Version).ToString(CultureInfo.InvariantCulture),
            [TokenizerKey] = JsonSerializer.Serialize(parts.Tokenizer with { VocabularyPath = null }, ServingJson.Default.TokenizeSequenceOptions),
            [ArchitectureKey] = JsonSerializer.Serialize(parts.Architecture, ServingJson.Default.SequenceModelOptions),
        };
        SafetensorsFile.Write(path, parts.Weights, metadata, pretrained is null ? new Dictionary<string, byte[]>() : TokenizerFiles.Of(pretrained));
    }

    /// <exception cref="InvalidDataException">The file is damaged, holds weights alone, or was written by a newer version.</exception>
    public static TextClassifierParts Read(string path)
    {
        var weights = SafetensorsFile.Read(path, out var metadata, out var files);
        RequireVersion(path, metadata);
        var names = RowNames.Read(metadata, path);
        try
        {
            var pretrained = TokenizerFiles.Read(files, path);
            var parts = new TextClassifierParts
            {
                Tokenizer = ServingJson.Read(Entry(TokenizerKey), ServingJson.Default.TokenizeSequenceOptions) with { Pretrained = pretrained },
                Vocabulary = pretrained?.Tokens ?? names.Vocabulary ?? throw Lacks(RowNames.VocabularyKey),
                Architecture = ServingJson.Read(Entry(ArchitectureKey), ServingJson.Default.SequenceModelOptions),
                Labels = names.Labels ?? throw Lacks(RowNames.LabelsKey),
                Weights = weights,
            };
            parts.Tokenizer.Validate();
            parts.Architecture.Validate();
            return parts;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
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
            throw new InvalidDataException($"{path}: is a text classifier of version '{version}'; this version of MlAttention reads versions {VersionWithoutFiles} and {Version}. Update MlAttention.");
    }
}
