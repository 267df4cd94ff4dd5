using System.Numerics;

namespace MlAttention.Positions;

/// <summary>How steeply each head's penalty grows with the distance, and to which side the head looks.</summary>
/// <remarks>
/// For n heads, n a power of 2: 2^(-8/n), 2^(-16/n), .. 2^-8. Otherwise those of the next lower power m, then every second one of 2m.
/// Source: Press et al. 2022, section 3, and their published code.
/// </remarks>
internal static class AlibiSlopes
{
    /// <summary>The slopes of n heads, all greater than 0.</summary>
    public static double[] Of(int heads)
    {
        var lower = 1 << BitOperations.Log2((uint)heads);
        var slopes = PowerOfTwo(lower);
        if (lower == heads) return slopes;
        return [.. slopes, .. PowerOfTwo(2 * lower).Where((_, i) => i % 2 == 0).Take(heads - lower)];
    }

    /// <summary>
    /// Slopes of the one-sided form: the first half of the heads, rounded up, looks to the left, the others look to the right;
    /// each side has the slopes of its own number of heads.
    /// </summary>
    public static (double[] Left, double[] Right) OneSided(int heads)
    {
        var left = (heads + 1) / 2;
        return (Of(left), heads == left ? [] : Of(heads - left));
    }

    private static double[] PowerOfTwo(int heads) => [.. Enumerable.Range(1, heads).Select(i => Math.Pow(2, -8.0 * i / heads))];
}
