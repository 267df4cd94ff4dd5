namespace MlAttention;

/// <summary>Why training ended.</summary>
public enum TrainingStopReason
{
    /// <summary>All <see cref="TrainingOptions.Epochs"/> are done.</summary>
    Epochs,
    /// <summary>No better validation result for <see cref="TrainingOptions.Patience"/> epochs.</summary>
    Patience,
    /// <summary>The time of <see cref="TrainingOptions.MaxDuration"/> was over.</summary>
    MaxDuration,
    /// <summary>Asked for, by <see cref="TrainingOptions.StopToken"/> or <see cref="TrainingProgress.Stop"/>.</summary>
    Stop,
}
