using System.Numerics;

namespace MlAttention.Ablation.Statistics;

/// <summary>
/// Exact sign-flip (permutation) test of paired differences: if the two variants were alike, each difference could as well have the
/// other sign. p = share of the 2^n sign patterns whose |sum| is at least the observed one. With n pairs p is never below 2 / 2^n.
/// </summary>
internal static class SignFlipTest
{
    /// <summary>The largest number of pairs that is enumerated: 2^24 patterns.</summary>
    public const int MaxPairs = 24;

    /// <summary>The smallest two-sided p that n pairs can give.</summary>
    public static double SmallestP(int pairs) => Math.Min(1, Math.ScaleB(2, -pairs));

    /// <summary>The exact two-sided p.</summary>
    /// <exception cref="ArgumentException">There are no differences, or more than <see cref="MaxPairs"/>.</exception>
    public static double TwoSidedP(IReadOnlyList<double> differences)
    {
        if (differences.Count is 0 or > MaxPairs)
            throw new ArgumentException($"The exact sign-flip test takes 1 to {MaxPairs} differences; got {differences.Count}.");
        double sum = differences.Sum();
        // Sums that differ by rounding only count as equal.
        double threshold = Math.Abs(sum) - 1e-12 * differences.Sum(Math.Abs);
        bool[] flipped = new bool[differences.Count];
        long patterns = 1L << differences.Count;
        long atLeast = 1;
        for (long pattern = 1; pattern < patterns; pattern++)
        {
            int changed = BitOperations.TrailingZeroCount(pattern); // Gray code: consecutive patterns differ in one sign
            flipped[changed] = !flipped[changed];
            sum += flipped[changed] ? -2 * differences[changed] : 2 * differences[changed];
            if (Math.Abs(sum) >= threshold) atLeast++;
        }
        return atLeast / (double)patterns;
    }
}
