namespace MlAttention.Ablation.Statistics;

/// <summary>Student's t for paired differences: two variants that ran with the same seeds.</summary>
/// <remarks>t = mean / (sd / sqrt(n)) with n - 1 degrees of freedom.</remarks>
internal static class PairedTTest
{
    /// <summary>The interval mean ± t sd / sqrt(n).</summary>
    /// <returns>Null with fewer than two differences: one run says nothing about the spread.</returns>
    public static ConfidenceInterval? Interval(IReadOnlyCollection<double> differences, double level)
    {
        if (differences.Count < 2) return null;
        double mean = Sample.Mean(differences);
        double half = Quantile((1 + level) / 2, differences.Count - 1) * StandardError(differences);
        return new(mean - half, mean + half, level);
    }

    /// <summary>The t statistic; infinite when all differences are equal and not 0, and 0 when all are 0.</summary>
    public static double Statistic(IReadOnlyCollection<double> differences) => Ratio(Sample.Mean(differences), StandardError(differences));

    /// <summary>Two-sided p of "the mean difference is 0".</summary>
    public static double TwoSidedP(IReadOnlyCollection<double> differences)
    {
        double t = Statistic(differences);
        return double.IsInfinity(t) ? 0 : 2 * StudentT.CDF(0, 1, differences.Count - 1, -Math.Abs(t));
    }

    /// <summary>One-sided p of "the mean is at most <paramref name="bound"/>": small when the mean is clearly above it.</summary>
    public static double UpperP(IReadOnlyCollection<double> differences, double bound)
    {
        double t = Ratio(Sample.Mean(differences) - bound, StandardError(differences));
        return double.IsPositiveInfinity(t) ? 0 : double.IsNegativeInfinity(t) ? 1 : StudentT.CDF(0, 1, differences.Count - 1, -t);
    }

    /// <summary>The t value below which a share <paramref name="probability"/> lies.</summary>
    public static double Quantile(double probability, int degreesOfFreedom) => StudentT.InvCDF(0, 1, degreesOfFreedom, probability);

    private static double StandardError(IReadOnlyCollection<double> values) => Sample.StandardDeviation(values) / Math.Sqrt(values.Count);

    private static double Ratio(double difference, double standardError) =>
        standardError > 0 ? difference / standardError : difference == 0 ? 0 : double.CopySign(double.PositiveInfinity, difference);
}

/// <summary>
/// Two one-sided t tests (Schuirmann 1987): are two variants equal up to a margin stated beforehand?
/// "Not significantly different" is no evidence of that; this is.
/// </summary>
internal static class EquivalenceTest
{
    /// <summary>p of "the mean difference is at least the margin in size": small when the variants are equivalent.</summary>
    /// <returns>Null with fewer than two differences.</returns>
    public static double? P(IReadOnlyList<double> differences, double margin)
    {
        if (differences.Count < 2) return null;
        double aboveLower = PairedTTest.UpperP(differences, -margin);
        double belowUpper = PairedTTest.UpperP([.. differences.Select(difference => -difference)], -margin);
        return Math.Max(aboveLower, belowUpper);
    }
}
