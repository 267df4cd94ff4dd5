namespace MlAttention;

/// <summary>The loss or the gradients became NaN or infinite. The weights before the step, and any checkpoint, are sound.</summary>
public sealed class TrainingDivergedException : Exception
{
    /// <summary>Creates the exception without details.</summary>
    public TrainingDivergedException() : this("Training diverged.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    public TrainingDivergedException(string message) : this(message, null)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public TrainingDivergedException(string message, Exception? innerException) : base(message, innerException)
    {
    }

    internal TrainingDivergedException(string quantity, double value, int step, int epoch, IReadOnlyList<int> rows)
        : base(FormattableString.Invariant($"Training diverged: the {quantity} became {value} in step {step} (epoch {epoch}); the batch's rows, counted from 0, are {string.Join(", ", rows)}. Lower LearningRate, set MaxGradientNorm to 1, or look for broken rows or weights among these."))
    {
        Step = step;
        Rows = rows;
    }

    /// <summary>The step, from 1, in which it happened.</summary>
    public int Step { get; }

    /// <summary>The rows of the step's last batch, counted from 0 among the rows that were given for training (rows without a label left out).</summary>
    public IReadOnlyList<int> Rows { get; } = [];
}
