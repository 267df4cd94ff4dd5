using System.Text.Json;

namespace MlAttention.Core.Serving;

/// <summary>Everything that writes a text: what a text generator's file holds.</summary>
internal sealed record TextGeneratorParts
{
    public required TokenizeSequenceOptions Tokenizer { get; init; }

    /// <summary>The tokens in the order of their keys, those of <see cref="LineTokens"/> first.</summary>
    public required IReadOnlyList<string> Vocabulary { get; init; }

    public required SequenceModelOptions Architecture { get; init; }

    public required IReadOnlyList<WeightTensor> Weights { get; init; }

    /// <summary>What an engine is built for: each token of the vocabulary is a class.</summary>
    public EngineConfiguration Configuration => new(Architecture, TokenIds.EmbeddingRows(Vocabulary.Count, Architecture), Vocabulary.Count);

    /// <exception cref="ArgumentException">The parts do not belong to a generator.</exception>
    public void Validate()
    {
        Tokenizer.Validate();
        Architecture.Validate();
        if (Architecture.Task != TaskKind.NextToken) throw new ArgumentException($"the task is {Architecture.Task}, and a generator's is {TaskKind.NextToken}.");
        if (!Vocabulary.Take(LineTokens.Texts.Length).SequenceEqual(LineTokens.Texts)) throw new ArgumentException($"the vocabulary does not begin with {string.Join(" and ", LineTokens.Texts)}.");
    }
}

/// <summary>
/// A text generator in one safetensors file: the weights as PyTorch names them, and beside them, as metadata, the tokenizer, the vocabulary and
/// the architecture, as in a text classifier's file.
/// </summary>
internal static class TextGeneratorFile
{
    private const string VersionKey = "mlattention.generator", Version = "1";

    public static void Write(string path, TextGeneratorParts parts)
    {
        var metadata = new Dictionary<string, string>(new RowNames(parts.Vocabulary, null).ToMetadata())
        {
            [VersionKey] = Version,
            [TextClassifierFile.TokenizerKey] = JsonSerializer.Serialize(parts.Tokenizer with { VocabularyPath = null }, ServingJson.Default.TokenizeSequenceOptions),
            [TextClassifierFile.ArchitectureKey] = JsonSerializer.Serialize(parts.Architecture, ServingJson.Default.SequenceModelOptions),
        };
        SafetensorsFile.Write(path, parts.Weights, metadata);
    }

    /// <exception cref="InvalidDataException">The file is damaged, holds something else, or was written by a newer version.</exception>
    public static TextGeneratorParts Read(string path)
    {
        var weights = SafetensorsFile.Read(path, out var metadata, out _);
        if (!metadata.TryGetValue(VersionKey, out string? version))
            throw new InvalidDataException($"{path}: is no text generator{(metadata.ContainsKey(TextClassifierFile.VersionKey) ? " but a text classifier, which TextClassifier.Load reads" : "")}.");
        if (version != Version) throw new InvalidDataException($"{path}: is a text generator of version '{version}'; this version of MlAttention reads version {Version}. Update MlAttention.");
        try
        {
            var parts = new TextGeneratorParts
            {
                Tokenizer = ServingJson.Read(Entry(TextClassifierFile.TokenizerKey), ServingJson.Default.TokenizeSequenceOptions),
                Vocabulary = RowNames.Read(metadata, path).Vocabulary ?? throw Lacks(RowNames.VocabularyKey),
                Architecture = ServingJson.Read(Entry(TextClassifierFile.ArchitectureKey), ServingJson.Default.SequenceModelOptions),
                Weights = weights,
            };
            parts.Validate();
            return parts;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: the text generator cannot be read: {exception.Message}", exception);
        }

        string Entry(string key) => metadata.TryGetValue(key, out string? value) ? value : throw Lacks(key);
        InvalidDataException Lacks(string key) => new($"{path}: the metadata lacks '{key}'.");
    }
}
