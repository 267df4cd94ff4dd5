using MathNet.Numerics;

namespace MlAttention.Ablation.Statistics;

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
