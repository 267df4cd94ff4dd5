namespace MlAttention;

/// <summary>How well labels of tokens, or of words, are predicted, and the entities that they spell.</summary>
public sealed record TokenLabelMetrics
{
    /// <summary>Number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Tokens, or words, that have a label.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens without a label, or with one that the model does not know: key 0. They count for nothing.</summary>
    public required int TokensWithoutLabel { get; init; }

    /// <summary>The part of the tokens whose label is right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The mean F1 of the labels that are there or predicted.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>
    /// All entities together: an entity is right when its kind and both of its ends are, as in conlleval and seqeval. Null unless labels are O,
    /// B-KIND and I-KIND.
    /// </summary>
    public LabelMetrics? Entities { get; init; }

    /// <summary>Each kind of entity; none unless labels are those of entities.</summary>
    public IReadOnlyList<LabelMetrics> Kinds { get; init; } = [];

    /// <summary>Each label of tokens in the order of the keys.</summary>
    public required IReadOnlyList<LabelMetrics> Labels { get; init; }

    /// <summary>Counts the rows of a data view.</summary>
    internal static TokenLabelMetrics Of(IDataView data, string labelName, string predictedName)
    {
        var label = ColumnRequirement.Keys("label", labelName).Check(data.Schema);
        var predicted = ColumnRequirement.Keys("predicted label", predictedName).Check(data.Schema);
        if (predicted.KeyCount() != label.KeyCount())
            throw new ArgumentOutOfRangeException(nameof(data), string.Create(CultureInfo.InvariantCulture, $"Schema mismatch: the label column '{labelName}' has {label.KeyCount()} keys, the predicted label column '{predictedName}' {predicted.KeyCount()}. {KeyValues.Advice}"));
        var names = KeyValues.OfLabel(predicted);
        if (names is not null && KeyValues.OfLabel(label) is { } others) names.RequireSame(others, "label", labelName);

        var counter = new TokenCounter(names?.Formatted ?? [.. Enumerable.Range(1, label.KeyCount()).Select(key => key.ToString(CultureInfo.InvariantCulture))]);
        using var cursor = data.GetRowCursor([label, predicted]);
        var (readLabel, readPredicted) = (KeyReader.Vector(cursor, label), KeyReader.Vector(cursor, predicted));
        while (cursor.ReadNext())
        {
            int[] actual = readLabel().ToArray();
            counter.Add(actual, readPredicted());
        }
        return counter.Result();
    }
}

/// <summary>Counts labels of tokens, and the entities that they spell.</summary>
internal sealed class TokenCounter
{
    private readonly IReadOnlyList<string> _names;
    private readonly EntityTags? _tags;
    private readonly int[] _right, _predicted, _actual, _entitiesRight, _entitiesFound, _entitiesThere;
    private int _rows, _without;

    public TokenCounter(IReadOnlyList<string> names)
    {
        _names = names;
        _tags = EntityTags.AreBio(names) ? new EntityTags(names) : null;
        (_right, _predicted, _actual) = (new int[names.Count], new int[names.Count], new int[names.Count]);
        int kinds = _tags?.Kinds.Length ?? 0;
        (_entitiesRight, _entitiesFound, _entitiesThere) = (new int[kinds], new int[kinds], new int[kinds]);
    }

    /// <summary>Counts a row: keys from 1; 0 for no label, or for a token that the model did not see.</summary>
    /// <exception cref="InvalidOperationException">There are more labels than predictions.</exception>
    public void Add(ReadOnlySpan<int> actualKeys, ReadOnlySpan<int> predictedKeys)
    {
        if (actualKeys.Length > predictedKeys.Length)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Row {_rows} has {actualKeys.Length} labels and {predictedKeys.Length} predictions; both need one for each token."));
        _rows++;
        List<int> actual = [], predicted = [];
        for (int i = 0; i < actualKeys.Length; i++)
        {
            if (actualKeys[i] == 0)
            {
                _without++;
                continue;
            }
            actual.Add(actualKeys[i] - 1);
            predicted.Add(predictedKeys[i] - 1);
            _actual[actual[^1]]++;
            if (predicted[^1] >= 0) _predicted[predicted[^1]]++;
            if (actual[^1] == predicted[^1]) _right[actual[^1]]++;
        }
        if (_tags is not null) AddEntities(_tags.Entities(actual), _tags.Entities(predicted));
    }

    public TokenLabelMetrics Result()
    {
        int tokens = _actual.Sum();
        if (tokens == 0) throw new InvalidOperationException("There is no token with a label to evaluate.");
        return new()
        {
            Rows = _rows,
            Tokens = tokens,
            TokensWithoutLabel = _without,
            Accuracy = (double)_right.Sum() / tokens,
            MacroF1 = Evaluation.MeanF1(_right, _predicted, _actual),
            Entities = _tags is null ? null : LabelMetrics.Of("all", _entitiesRight.Sum(), _entitiesFound.Sum(), _entitiesThere.Sum()),
            Kinds = _tags is null ? [] : [.. _tags.Kinds.Select((kind, index) => LabelMetrics.Of(kind, _entitiesRight[index], _entitiesFound[index], _entitiesThere[index]))],
            Labels = [.. _names.Select((name, index) => LabelMetrics.Of(name, _right[index], _predicted[index], _actual[index]))],
        };
    }

    private void AddEntities(List<Entity> there, List<Entity> found)
    {
        foreach (var entity in there) _entitiesThere[entity.Kind]++;
        foreach (var entity in found) _entitiesFound[entity.Kind]++;
        foreach (var entity in found.Intersect(there)) _entitiesRight[entity.Kind]++;
    }
}
