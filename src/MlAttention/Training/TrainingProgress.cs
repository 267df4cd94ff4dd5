
namespace MlAttention.Training;

/// <summary>Where training stands; reported a few times a second and at the end of every epoch.</summary>
public sealed record TrainingProgress
{
    /// <summary>The running epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Epochs at most.</summary>
    public required int Epochs { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required int Step { get; init; }

    /// <summary>Optimizer steps at most.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean training loss of this epoch so far.</summary>
    public required double Loss { get; init; }

    /// <summary>The last step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Real tokens trained a second, without padding, since this call of Fit began.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Wall time since training began, including the time before a resumed checkpoint.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Wall time until the last epoch at the present speed; early stopping may end sooner.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>The epoch that has just ended; null within an epoch.</summary>
    public EpochMetrics? CompletedEpoch { get; init; }
}
