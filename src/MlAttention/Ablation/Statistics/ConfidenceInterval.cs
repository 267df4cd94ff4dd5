namespace MlAttention.Ablation.Statistics;

/// <summary>A range that covers the true value in <paramref name="Level"/> of all repetitions of the experiment.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Level">Confidence level, for example 0.95.</param>
public sealed record ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>Whether the value lies inside or on an end.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
