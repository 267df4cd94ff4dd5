using MlAttention.Training;

namespace MlAttention.Data;

/// <summary>Collects rows for a <see cref="TokenDataset"/>, truncating and counting what is too long.</summary>
/// <param name="vocabularySize">Number of keys V; a key of 0 becomes the unknown token V + 1.</param>
/// <param name="classCount">Number of classes C.</param>
/// <param name="maxTokens">Longest row in tokens.</param>
/// <param name="truncation">Which end of a longer row is kept.</param>
internal sealed class TokenDatasetBuilder(int vocabularySize, int classCount, int maxTokens, TruncationSide truncation)
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _labels = [];
    private readonly List<float> _weights = [];
    private readonly List<int> _groups = [];
    private int[] _tokens = new int[1024];
    private bool _weighted;
    private int _truncatedRows;
    private long _truncatedTokens;

    /// <summary>Rows left out because their label is missing.</summary>
    public int SkippedRows { get; set; }

    /// <summary>Adds a row of keys (0 = unknown, 1..V) with its 0-based class, its weight and, where rows have groups, its group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A key or the label is outside its range, or the weight is negative or not finite.</exception>
    public void Add(ReadOnlySpan<int> keys, int label, float weight = 1, int? group = null)
    {
        if ((uint)label >= (uint)classCount)
            throw new ArgumentOutOfRangeException(nameof(label), $"Row {_labels.Count} has class {label}; classes are 0 to {classCount - 1}.");
        if (!(weight >= 0 && float.IsFinite(weight)))
            throw new ArgumentOutOfRangeException(nameof(weight), $"Row {_labels.Count} has weight {weight}; a weight is a finite number of 0 or more.");

        var end = _offsets[^1];
        var kept = Truncate(keys);
        if (_tokens.Length - end < kept.Length) Array.Resize(ref _tokens, checked(Math.Max(_tokens.Length * 2, end + kept.Length)));
        SequenceKeys.ToTokens(kept, vocabularySize, _tokens.AsSpan(end));

        _offsets.Add(end + kept.Length);
        _labels.Add(label);
        _weights.Add(weight);
        if (group is { } number) _groups.Add(number);
        _weighted |= weight != 1;
    }

    /// <summary>The dataset of all rows added so far.</summary>
    public TokenDataset Build() =>
        new(vocabularySize, classCount, _tokens.AsSpan(0, _offsets[^1]).ToArray(), [.. _offsets], [.. _labels], _weighted ? [.. _weights] : [])
        {
            TruncatedRows = _truncatedRows,
            TruncatedTokens = _truncatedTokens,
            SkippedRows = SkippedRows,
            Groups = [.. _groups],
        };

    private ReadOnlySpan<int> Truncate(ReadOnlySpan<int> keys)
    {
        var surplus = keys.Length - maxTokens;
        if (surplus <= 0) return keys;

        _truncatedRows++;
        _truncatedTokens += surplus;
        return SequenceKeys.Truncate(keys, maxTokens, truncation);
    }
}
