namespace MlAttention.Ablation.Statistics;

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
