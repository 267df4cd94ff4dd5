namespace MlAttention.Training.Checkpoints;

/// <summary>Sums over the batches of an epoch.</summary>
internal sealed record EpochSums
{
    /// <summary>Weighted sum of the rows' losses.</summary>
    public double Loss { get; init; }

    /// <summary>Sum of the rows' weights.</summary>
    public double Weight { get; init; }

    /// <summary>Real tokens.</summary>
    public long Tokens { get; init; }

    /// <summary>Positions of the batches, with padding.</summary>
    public long Positions { get; init; }

    /// <summary>Wall time in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Mean loss of a unit of weight; 0 before the first batch.</summary>
    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    /// <summary>The part of the positions that was padding.</summary>
    public double PaddingFraction => Positions > 0 ? 1 - (double)Tokens / Positions : 0;

    /// <summary>Both sums together.</summary>
    public static EpochSums operator +(EpochSums left, EpochSums right) => new()
    {
        Loss = left.Loss + right.Loss,
        Weight = left.Weight + right.Weight,
        Tokens = left.Tokens + right.Tokens,
        Positions = left.Positions + right.Positions,
        Seconds = left.Seconds + right.Seconds,
    };
}
