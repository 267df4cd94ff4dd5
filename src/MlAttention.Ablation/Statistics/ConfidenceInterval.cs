namespace MlAttention;

/// <summary>A range that covers the true value in <paramref name="Level"/> of all repetitions of the experiment.</summary>
/// <param name="Lower">Lower end.</param>
/// <param name="Upper">Upper end.</param>
/// <param name="Level">Confidence level, for example 0.95.</param>
public sealed record ConfidenceInterval(double Lower, double Upper, double Level)
{
    /// <summary>Whether the value lies inside or on an end.</summary>
    public bool Contains(double value) => Lower <= value && value <= Upper;
}

/// <summary>Bootstrap intervals of the difference between two variants, one for each metric.</summary>
/// <param name="Accuracy">Of the accuracy.</param>
/// <param name="MacroF1">Of the macro-averaged F1.</param>
/// <param name="MatthewsCorrelation">Of Matthews' correlation.</param>
internal sealed record MetricIntervals(ConfidenceInterval Accuracy, ConfidenceInterval MacroF1, ConfidenceInterval MatthewsCorrelation);

/// <summary>Wilson's (1927) score interval of a share; keeps its level near 0 and 1, where mean ± 2 standard errors does not.</summary>
internal static class WilsonInterval
{
    /// <summary>The interval of <paramref name="successes"/> out of <paramref name="trials"/>.</summary>
    public static ConfidenceInterval Of(int successes, int trials, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        double z = Normal.InvCDF(0, 1, (1 + level) / 2), share = successes / (double)trials, square = z * z;
        double center = (share + square / (2 * trials)) / (1 + square / trials);
        double half = z / (1 + square / trials) * Math.Sqrt(share * (1 - share) / trials + square / (4.0 * trials * trials));
        return new(successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half, level);
    }
}
