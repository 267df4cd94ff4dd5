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
    internal TokenDataset(int vocabularySize, int classCount, int[] tokens, int[] offsets, Targets targets, float[] rowWeights)
    {
        if (offsets.Length != targets.Count + 1 || offsets[0] != 0 || offsets[^1] > tokens.Length)
            throw new ArgumentException($"{targets.Count} targets need {targets.Count + 1} offsets from 0 to at most {tokens.Length}.", nameof(offsets));
        if (rowWeights.Length != 0 && rowWeights.Length != targets.Count)
            throw new ArgumentException($"{targets.Count} targets need as many row weights or none; got {rowWeights.Length}.", nameof(rowWeights));

        VocabularySize = vocabularySize;
        ClassCount = classCount;
        Tokens = tokens;
        Offsets = offsets;
        Targets = targets;
        RowWeights = rowWeights;
    }

    /// <summary>Number of keys V in the vocabulary; the unknown token is V + 1.</summary>
    public int VocabularySize { get; }

    /// <summary>Number of classes C, from the label key's cardinality: a class without rows counts too. 1 for numbers.</summary>
    public int ClassCount { get; }

    /// <summary>The tokens of all rows, one row after another; the array may be longer than the last offset.</summary>
    public int[] Tokens { get; }

    /// <summary>Where each row starts in <see cref="Tokens"/>, and after the last row where it ends; Count + 1 numbers.</summary>
    public int[] Offsets { get; }

    /// <summary>What each row, or each of its tokens, is to become.</summary>
    public Targets Targets { get; }

    /// <summary>0-based class of each row, where rows have one each.</summary>
    public int[] Labels => Targets.Labels;

    /// <summary>Weight of each row in the loss; empty when all are 1.</summary>
    public float[] RowWeights { get; }

    /// <summary>Group of each row; rows of a group stay on one side of a split. Empty when every row stands alone.</summary>
    public int[] Groups { get; init; } = [];

    /// <summary>Number of rows.</summary>
    public int Count => Targets.Count;

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
    public int[] CountClasses() => Targets.CountRows(ClassCount);

    /// <summary>The same rows with other targets and, where they are given, other tokens in the same places.</summary>
    public TokenDataset With(Targets targets, int[]? tokens = null) => new(VocabularySize, ClassCount, tokens ?? Tokens, Offsets, targets, RowWeights)
    {
        Groups = Groups,
        TruncatedRows = TruncatedRows,
        TruncatedTokens = TruncatedTokens,
        SkippedRows = SkippedRows,
    };

    /// <summary>The given rows, in the given order, as a dataset of their own.</summary>
    public TokenDataset Select(ReadOnlySpan<int> rows)
    {
        int[] offsets = new int[rows.Length + 1];
        for (int i = 0; i < rows.Length; i++) offsets[i + 1] = offsets[i] + Length(rows[i]);

        int[] tokens = new int[offsets[^1]];
        float[] weights = RowWeights.Length == 0 ? [] : new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(tokens.AsSpan(offsets[i]));
            if (weights.Length > 0) weights[i] = RowWeights[rows[i]];
        }
        return new TokenDataset(VocabularySize, ClassCount, tokens, offsets, Targets.Select(rows), weights)
        {
            Groups = Groups.Length == 0 ? [] : [.. rows.ToArray().Select(row => Groups[row])],
        };
    }
}
