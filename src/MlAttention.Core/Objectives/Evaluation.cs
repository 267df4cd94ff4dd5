namespace MlAttention.Core.Objectives;

/// <summary>Counts how well a dataset's rows are scored, batch by batch.</summary>
internal abstract class Evaluation
{
    /// <summary>Counts a batch.</summary>
    /// <param name="batch">The batch, with its targets.</param>
    /// <param name="logits">Its logits [B,C], or [B,L,C] of tokens.</param>
    public abstract void Add(TokenBatch batch, ReadOnlySpan<float> logits);

    /// <summary>What all rows so far come to.</summary>
    public abstract SequenceEvaluation Result();

    /// <summary>The mean of <see cref="F1"/> over the classes with rows on either side.</summary>
    public static double MeanF1(int[] right, int[] predicted, int[] actual)
    {
        int[] present = [.. Enumerable.Range(0, right.Length).Where(label => predicted[label] + actual[label] > 0)];
        return present.Length == 0 ? 1 : present.Average(label => F1(right[label], predicted[label], actual[label]));
    }

    /// <summary>2 right / (predicted + actual), the harmonic mean of precision and recall; 1 where there is nothing to find and nothing is found.</summary>
    public static double F1(long right, long predicted, long actual) => predicted + actual == 0 ? 1 : 2.0 * right / (predicted + actual);
}

/// <summary>How well all rows of a dataset are scored, each row, or token, counting once; null where a task has no such measure.</summary>
/// <param name="Loss">The mean loss, without label smoothing and row weights.</param>
internal sealed record SequenceEvaluation(double Loss)
{
    /// <summary>The part of the rows, or of the tokens, whose labels are all right.</summary>
    public double? Accuracy { get; init; }

    /// <summary>Mean F1 of the classes that are there or predicted.</summary>
    public double? MacroF1 { get; init; }

    /// <summary>F1 of all labels of all rows together, where a row may have several.</summary>
    public double? MicroF1 { get; init; }

    /// <summary>F1 of the entities that labels of tokens spell.</summary>
    public double? EntityF1 { get; init; }

    /// <summary>The part of a number's variance that is explained.</summary>
    public double? RSquared { get; init; }

    /// <summary>Of predicted tokens e^loss: among how many tokens, all alike, a guess would be as uncertain.</summary>
    public double? Perplexity { get; init; }

    /// <summary>What chooses between epochs: larger is better.</summary>
    public double Score => -Perplexity ?? EntityF1 ?? MicroF1 ?? RSquared ?? Accuracy ?? -Loss;
}
