using System.Numerics;
using MathNet.Numerics;

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

/// <summary>Exact McNemar test of two classifiers on the same items: of the items where exactly one is right, is it as often the one as the other?</summary>
/// <remarks>p = min(1, 2 P(X &lt;= min(b, c))) with X binomial(b + c, 1/2).</remarks>
internal static class McNemarTest
{
    /// <summary>The exact two-sided p.</summary>
    /// <param name="onlyFirst">Items that only the first classifier has right, b.</param>
    /// <param name="onlySecond">Items that only the second classifier has right, c.</param>
    public static double TwoSidedP(int onlyFirst, int onlySecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(onlyFirst);
        ArgumentOutOfRangeException.ThrowIfNegative(onlySecond);
        int discordant = onlyFirst + onlySecond, smaller = Math.Min(onlyFirst, onlySecond);
        if (2 * smaller >= discordant) return 1;
        // P(X <= k) of a binomial(n, 1/2) is the regularised beta function I(1/2; n - k, k + 1).
        return Math.Min(1, 2 * SpecialFunctions.BetaRegularized(discordant - smaller, smaller + 1, 0.5));
    }
}

/// <summary>
/// Holm (1979): keeps the chance of any false finding among m comparisons at the level. The k-th smallest p is multiplied by m - k + 1,
/// and no adjusted p is below one that came before it.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Adjusted p values in the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(index => p[index])];
        double[] adjusted = new double[p.Count];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, p[order[rank]] * (p.Count - rank)));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
