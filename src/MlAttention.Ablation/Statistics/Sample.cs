namespace MlAttention.Ablation.Statistics;

/// <summary>Mean and spread of a few numbers.</summary>
// MathNet's running mean and deviation and its type 7 quantile round otherwise in the last bits; a report would not be the same to the byte.
internal static class Sample
{
    /// <summary>The arithmetic mean; there must be a value.</summary>
    public static double Mean(IReadOnlyCollection<double> values) => values.Average();

    /// <summary>sqrt(sum (x - mean)^2 / (n - 1)); not a number for fewer than two values.</summary>
    public static double StandardDeviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return double.NaN;
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).</summary>
    /// <param name="sorted">The values in ascending order.</param>
    /// <param name="probability">From 0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        double index = probability * (sorted.Length - 1);
        int below = (int)Math.Floor(index);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>How large a difference is, whatever the number of seeds.</summary>
internal static class EffectSize
{
    /// <summary>Deviations below this are rounding: the differences are all the same.</summary>
    private const double NoDeviation = 1e-9;

    /// <summary>Cohen's d for pairs: mean / sd of the differences. Null when the differences do not vary.</summary>
    public static double? CohenDz(IReadOnlyCollection<double> differences)
    {
        double deviation = Sample.StandardDeviation(differences);
        return deviation > NoDeviation ? Sample.Mean(differences) / deviation : null;
    }

    /// <summary>P(A > B) over the pairs, ties counting half (Bouthillier et al. 2021).</summary>
    public static double ProbabilityOfSuperiority(IReadOnlyCollection<double> differences) =>
        Sample.Mean([.. differences.Select(difference => difference > 0 ? 1.0 : difference < 0 ? 0.0 : 0.5)]);

    /// <summary>Pairs needed to show P(A > B) >= <paramref name="superiority"/> (Noether 1987, as Bouthillier et al. 2021 use it).</summary>
    /// <remarks>N >= ((z(1 - alpha) + z(1 - beta)) / (sqrt(6) (1/2 - superiority)))^2</remarks>
    public static int PairsNeeded(double superiority, double alpha, double beta)
    {
        double z = Normal.InvCDF(0, 1, 1 - alpha) + Normal.InvCDF(0, 1, 1 - beta);
        return (int)Math.Ceiling(Math.Pow(z / (Math.Sqrt(6) * (0.5 - superiority)), 2));
    }
}
