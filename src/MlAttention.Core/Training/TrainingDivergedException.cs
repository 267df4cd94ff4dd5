namespace MlAttention;

/// <summary>The loss or the gradients became NaN or infinite. The weights before the step, and any checkpoint, are sound.</summary>
public sealed class TrainingDivergedException : Exception
{
    internal TrainingDivergedException(string quantity, double value, int step, int epoch, IReadOnlyList<int> rows)
        : base(FormattableString.Invariant($"Training diverged: the {quantity} became {value} in step {step} (epoch {epoch}); the batch's rows, counted from 0, are {string.Join(", ", rows)}. Lower LearningRate, set MaxGradientNorm to 1, or look for broken rows or weights among these."))
    {
        Step = step;
        Rows = rows;
    }

    /// <summary>The step, from 1, in which it happened.</summary>
    public int Step { get; }

    /// <summary>The rows of the step's last batch, counted from 0 among the rows that were given for training (rows without a label left out).</summary>
    public IReadOnlyList<int> Rows { get; }
}
