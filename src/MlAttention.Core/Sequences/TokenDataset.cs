namespace MlAttention.Core.Sequences;

/// <summary>
/// Labelled token sequences, kept compactly: all tokens in one array, cut into rows by offsets. Immutable; made by
/// <see cref="TokenDatasetBuilder"/>, which has already truncated what was too long.
/// </summary>
/// <remarks>
/// Tokens: 1..V are the vocabulary's keys, V + 1 is the unknown token. Padding (0) and CLS (V + 2) are not stored; batches add them.
/// Row r is Tokens[Offsets[r] .. Offsets[r + 1]]; it may be empty.
/// </remarks>
internal sealed class TokenDataset
{
    internal TokenDataset(int vocabularySize, int classCount, int[] tokens, int[] offsets, int[] labels, float[] rowWeights)
    {
        if (offsets.Length != labels.Length + 1 || offsets[0] != 0 || offsets[^1] > tokens.Length)
            throw new ArgumentException($"{labels.Length} labels need {labels.Length + 1} offsets from 0 to at most {tokens.Length}.", nameof(offsets));
        if (rowWeights.Length != 0 && rowWeights.Length != labels.Length)
            throw new ArgumentException($"{labels.Length} labels need as many row weights or none; got {rowWeights.Length}.", nameof(rowWeights));

        VocabularySize = vocabularySize;
        ClassCount = classCount;
        Tokens = tokens;
        Offsets = offsets;
        Labels = labels;
        RowWeights = rowWeights;
    }

    /// <summary>Number of keys V in the vocabulary; the unknown token is V + 1.</summary>
    public int VocabularySize { get; }

    /// <summary>Number of classes C, from the label key's cardinality: a class without rows counts too.</summary>
    public int ClassCount { get; }

    /// <summary>The tokens of all rows, one row after another; the array may be longer than the last offset.</summary>
    public int[] Tokens { get; }

    /// <summary>Where each row starts in <see cref="Tokens"/>, and after the last row where it ends; Count + 1 numbers.</summary>
    public int[] Offsets { get; }

    /// <summary>0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Weight of each row in the loss; empty when all are 1.</summary>
    public float[] RowWeights { get; }

    /// <summary>Group of each row; rows of a group stay on one side of a split. Empty when every row stands alone.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Labels.Length;

    /// <summary>Rows of which tokens were cut off.</summary>
    public int TruncatedRows { get; init; }

    /// <summary>Tokens that were cut off.</summary>
    public long TruncatedTokens { get; init; }

    /// <summary>Rows left out because their label is missing (key 0).</summary>
    public int SkippedRows { get; init; }

    /// <summary>Number of tokens of a row.</summary>
    public int Length(int row) => Offsets[row + 1] - Offsets[row];

    /// <summary>The tokens of a row.</summary>
    public ReadOnlySpan<int> Row(int row) => Tokens.AsSpan(Offsets[row], Length(row));

    /// <summary>Weight of a row in the loss.</summary>
    public float Weight(int row) => RowWeights.Length == 0 ? 1 : RowWeights[row];

    /// <summary>Number of rows of each class.</summary>
    public int[] CountClasses()
    {
        int[] counts = new int[ClassCount];
        foreach (int label in Labels) counts[label]++;
        return counts;
    }

    /// <summary>The given rows, in the given order, as a dataset of their own.</summary>
    public TokenDataset Select(ReadOnlySpan<int> rows)
    {
        int[] offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++) offsets[i + 1] = offsets[i] + Length(rows[i]);

        int[] tokens = new int[offsets[^1]];
        int[] labels = new int[rows.Length];
        float[] weights = RowWeights.Length == 0 ? [] : new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(tokens.AsSpan(offsets[i]));
            labels[i] = Labels[rows[i]];
            if (weights.Length > 0) weights[i] = RowWeights[rows[i]];
        }
        return new TokenDataset(VocabularySize, ClassCount, tokens, offsets, labels, weights)
        {
            Groups = Groups.Length == 0 ? [] : [.. rows.ToArray().Select(row => Groups[row])],
        };
    }
}

/// <summary>Collects rows for a <see cref="TokenDataset"/>, truncating and counting what is too long.</summary>
/// <param name="vocabularySize">Number of keys V; a key of 0 becomes the unknown token V + 1.</param>
/// <param name="classCount">Number of classes C.</param>
/// <param name="maxTokens">Longest row in tokens.</param>
/// <param name="truncation">Which end of a longer row is kept.</param>
/// <param name="keepBoundaries">Whether a longer row keeps its first and its last token.</param>
internal sealed class TokenDatasetBuilder(int vocabularySize, int classCount, int maxTokens, TruncationSide truncation, bool keepBoundaries = false)
{
    private readonly TokenMapper _mapper = new(new SequenceCut(maxTokens, truncation, keepBoundaries), vocabularySize);
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

        int start = _offsets[^1], end = checked(start + _mapper.Length(keys.Length));
        if (_tokens.Length < end) Array.Resize(ref _tokens, checked(Math.Max(_tokens.Length * 2, end)));
        _mapper.FromKeys(keys, _tokens.AsSpan(start));
        int cut = _mapper.Cut(keys.Length);
        if (cut > 0) _truncatedRows++;
        _truncatedTokens += cut;

        _offsets.Add(end);
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
}
