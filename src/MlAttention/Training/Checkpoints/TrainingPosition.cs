
namespace MlAttention.Training.Checkpoints;

/// <summary>Where a run stands, beside the weights and the optimizer's state. Shuffles and dropout follow from it and the seed.</summary>
internal sealed record TrainingPosition
{
    /// <summary>Epochs completed.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches of the running epoch that are done; always at the end of a step.</summary>
    public int Batch { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public int Step { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>Sums over the running epoch.</summary>
    public EpochSums Sums { get; init; } = new();

    /// <summary>The completed epochs.</summary>
    public IReadOnlyList<EpochMetrics> History { get; init; } = [];

    /// <summary>Wall time before this position, in seconds.</summary>
    public double ElapsedSeconds { get; init; }
}
