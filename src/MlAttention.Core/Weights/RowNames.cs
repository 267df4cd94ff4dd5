using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlAttention.Core.Weights;

/// <summary>
/// What the rows of a classifier's weights stand for: the embedding's for the vocabulary's tokens, the head's for the labels. Files of
/// weights keep it as metadata; who reads one knows its rows by name, not by place.
/// </summary>
/// <param name="Vocabulary">The tokens in the order of their keys, or null when nothing says so.</param>
/// <param name="Labels">The labels in the order of the classes, or null when nothing says so.</param>
internal sealed partial record RowNames(IReadOnlyList<string>? Vocabulary, IReadOnlyList<string>? Labels)
{
    /// <summary>The vocabulary's place in a file's metadata, as a JSON list of texts.</summary>
    public const string VocabularyKey = "mlattention.vocabulary";

    /// <summary>The labels' place in a file's metadata, as a JSON list of texts.</summary>
    public const string LabelsKey = "mlattention.labels";

    /// <summary>Nothing is known: rows go by their places.</summary>
    public static RowNames Unknown { get; } = new(null, null);

    /// <summary>The names that a file keeps.</summary>
    /// <exception cref="InvalidDataException">The metadata is damaged.</exception>
    public static RowNames Read(IReadOnlyDictionary<string, string> metadata, string place) =>
        new(Texts(metadata, VocabularyKey, place), Texts(metadata, LabelsKey, place));

    /// <summary>What a file keeps of the names that are known.</summary>
    public Dictionary<string, string> ToMetadata()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Vocabulary is not null) metadata.Add(VocabularyKey, JsonSerializer.Serialize([.. Vocabulary], Json.Default.StringArray));
        if (Labels is not null) metadata.Add(LabelsKey, JsonSerializer.Serialize([.. Labels], Json.Default.StringArray));
        return metadata;
    }

    /// <summary>The name of each row of a weight, or null when nothing says so.</summary>
    /// <param name="weight">The weight as a model has it.</param>
    /// <param name="rows">Number of its rows, here or in a file.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <exception cref="InvalidDataException">There are more or fewer rows than names.</exception>
    public RowName[]? Of(WeightShape weight, int rows, string place) => weight.Rows switch
    {
        RowKind.Tokens when Vocabulary is not null => Embedding(Vocabulary, weight.Name, rows, place),
        RowKind.VocabularyTokens when Vocabulary is not null => Head(Vocabulary, "tokens", weight.Name, rows, place),
        RowKind.Labels when Labels is not null => Head(Labels, "labels", weight.Name, rows, place),
        _ => null,
    };

    private static RowName[] Embedding(IReadOnlyList<string> vocabulary, string weight, int rows, string place)
    {
        RowName[] names = [RowName.Padding, .. vocabulary.Select(token => new RowName(token)), RowName.Unknown, RowName.Cls];
        return rows == names.Length || rows == names.Length - 1 ? names[..rows]
            : throw new InvalidDataException($"{place}: '{weight}' has {rows} rows; its vocabulary of {vocabulary.Count} tokens needs {names.Length - 1}: padding, the tokens, the unknown token; with CLS {names.Length}.");
    }

    private static RowName[] Head(IReadOnlyList<string> names, string what, string weight, int rows, string place) => rows == names.Count
        ? [.. names.Select(name => new RowName(name))]
        : throw new InvalidDataException($"{place}: '{weight}' has {rows} rows, and the {what} are {names.Count}.");

    private static string[]? Texts(IReadOnlyDictionary<string, string> metadata, string key, string place)
    {
        if (!metadata.TryGetValue(key, out string? json)) return null;
        try
        {
            if (JsonSerializer.Deserialize(json, Json.Default.StringArray) is { Length: > 0 } texts && !texts.Contains(null)) return texts;
        }
        catch (JsonException exception)
        {
            throw Damaged(exception);
        }
        throw Damaged(null);

        InvalidDataException Damaged(Exception? cause) => new($"{place}: the metadata's '{key}' must be a list of texts.", cause);
    }

    /// <summary>Written and read without reflection, so that it works after trimming and ahead-of-time compilation.</summary>
    [JsonSerializable(typeof(string[]))]
    private sealed partial class Json : JsonSerializerContext;
}

/// <summary>What the rows of a weight stand for.</summary>
internal enum RowKind
{
    /// <summary>Nothing that has a name.</summary>
    Places,
    /// <summary>Padding, the vocabulary's tokens, the unknown token and CLS: the embedding.</summary>
    Tokens,
    /// <summary>The vocabulary's tokens alone: the bias of a tied head.</summary>
    VocabularyTokens,
    /// <summary>Labels: the head of a classifier.</summary>
    Labels,
}

/// <summary>What a row of a weight stands for: a token or a label, or one of the embedding's special rows, which no text equals.</summary>
internal readonly record struct RowName(string Text, bool IsSpecial = false)
{
    /// <summary>Row 0 of the embedding.</summary>
    public static RowName Padding { get; } = new("padding", IsSpecial: true);

    /// <summary>The row of any token that is not in the vocabulary.</summary>
    public static RowName Unknown { get; } = new("unknown", IsSpecial: true);

    /// <summary>The row of the token before the text, where the pooling reads it.</summary>
    public static RowName Cls { get; } = new("CLS", IsSpecial: true);
}
