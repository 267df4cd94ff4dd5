namespace MlAttention.Core.Sequences;

/// <summary>
/// A batch of token sequences, padded on the right with token 0.
/// Shapes: Tokens [B,L] row-major, Lengths [B], Targets [B], or [B,L] of tokens, RowWeights [B]; arrays that are used again may be longer.
/// </summary>
internal sealed class TokenBatch
{
    /// <summary>Number of sequences B.</summary>
    public required int Rows { get; init; }

    /// <summary>Padded length L in tokens.</summary>
    public required int Length { get; init; }

    /// <summary>Token of row b at position i is Tokens[b * Length + i]; 0 is padding.</summary>
    public required int[] Tokens { get; init; }

    /// <summary>Real tokens of each row; an empty text has length 0.</summary>
    public required int[] Lengths { get; init; }

    /// <summary>What the rows, or their tokens, are to become; none when only scoring.</summary>
    public Targets Targets { get; init; } = Targets.None;

    /// <summary>The labels of the targets; set, one 0-based class for each row.</summary>
    public int[] Labels
    {
        get => Targets.Labels;
        init => Targets = value;
    }

    /// <summary>Weight of each row in the loss; empty means 1 for all.</summary>
    public float[] RowWeights { get; init; } = [];
}

/// <summary>Makes padded batches of a dataset's rows: puts CLS before the sequence where the pooling needs it, and truncates what is still too long.</summary>
/// <param name="dataset">The rows.</param>
/// <param name="model">Tells the longest sequence (with CLS), which end of a longer row is kept, and whether there is a CLS token.</param>
/// <param name="classWeights">Weight of each class, multiplied into the rows' weights; empty means 1 for all.</param>
internal sealed class BatchBuilder(TokenDataset dataset, SequenceModelOptions model, IReadOnlyList<float> classWeights)
{
    private readonly TokenMapper _mapper = new(model, dataset.VocabularySize);

    /// <summary>Tokens of a row in a batch, with CLS and after truncation.</summary>
    public int Length(int row) => _mapper.Length(dataset.Length(row));

    /// <summary>Tokens of a row that no batch shows.</summary>
    public int TruncatedTokens(int row) => _mapper.Cut(dataset.Length(row));

    /// <summary>The batch of the given rows, in their order.</summary>
    public TokenBatch Build(ReadOnlySpan<int> rows)
    {
        int[] lengths = new int[rows.Length];
        int longest = 1;
        for (int i = 0; i < rows.Length; i++)
        {
            lengths[i] = Length(rows[i]);
            longest = Math.Max(longest, lengths[i]);
        }
        int[] tokens = new int[rows.Length * longest];
        for (int i = 0; i < rows.Length; i++) _mapper.FromIds(dataset.Row(rows[i]), tokens.AsSpan(i * longest, longest));
        return new TokenBatch { Rows = rows.Length, Length = longest, Tokens = tokens, Lengths = lengths, Targets = dataset.Targets.InBatch(rows, _mapper, longest), RowWeights = Weights(rows) };
    }

    private float[] Weights(ReadOnlySpan<int> rows)
    {
        if (classWeights.Count == 0 && dataset.RowWeights.Length == 0) return [];
        float[] weights = new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            weights[i] = dataset.Weight(rows[i]) * (classWeights.Count == 0 ? 1 : classWeights[dataset.Labels[rows[i]]]);
        return weights;
    }
}

/// <summary>The weight of each class in the loss.</summary>
internal static class ClassWeighting
{
    /// <summary>One weight for each class: those that balance the classes, or the given ones; none when all are 1.</summary>
    /// <exception cref="ArgumentException">Another number of weights is given than the label has classes.</exception>
    public static IReadOnlyList<float> Of(TokenDataset dataset, bool balance, IReadOnlyList<float>? given)
    {
        if (balance) return Balanced(dataset);
        if (given is not null && given.Count != dataset.ClassCount)
            throw new ArgumentException($"ClassWeights has {given.Count} weight(s); the label has {dataset.ClassCount} classes. Give one weight for each class, in the order of the label's keys.");
        return given ?? [];
    }

    /// <summary>rows / (classes x rows of the class), counting only classes that have rows; 0 for a class without rows.</summary>
    private static float[] Balanced(TokenDataset dataset)
    {
        int[] counts = dataset.CountClasses();
        int present = counts.Count(count => count > 0);
        return [.. counts.Select(count => count == 0 ? 0 : (float)((double)dataset.Count / ((double)present * count)))];
    }
}
