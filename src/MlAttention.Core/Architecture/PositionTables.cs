using System.Numerics;

namespace MlAttention.Core.Architecture;

/// <summary>The numbers of the sinusoidal encoding, without tensors.</summary>
internal static class SinusoidalTable
{
    /// <summary>The encodings of positions 0 .. length - 1, [length,width]; an odd width has one sine more than cosines.</summary>
    public static double[,] Of(int length, int width, double wavelengthBase, bool interleaved)
    {
        double[,] table = new double[length, width];
        int sines = (width + 1) / 2;
        for (int pair = 0; pair < sines; pair++)
        {
            double frequency = Math.Pow(wavelengthBase, -2.0 * pair / width);
            var (sineColumn, cosineColumn) = interleaved ? (2 * pair, 2 * pair + 1) : (pair, sines + pair);
            for (int position = 0; position < length; position++)
            {
                var (sine, cosine) = Math.SinCos(position * frequency);
                table[position, sineColumn] = sine;
                if (cosineColumn < width) table[position, cosineColumn] = cosine;
            }
        }
        return table;
    }
}

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
        int lower = 1 << BitOperations.Log2((uint)heads);
        double[] slopes = PowerOfTwo(lower);
        if (lower == heads) return slopes;
        return [.. slopes, .. PowerOfTwo(2 * lower).Where((_, i) => i % 2 == 0).Take(heads - lower)];
    }

    /// <summary>
    /// Slopes of the one-sided form: the first half of the heads, rounded up, looks to the left, the others look to the right;
    /// each side has the slopes of its own number of heads.
    /// </summary>
    public static (double[] Left, double[] Right) OneSided(int heads)
    {
        int left = (heads + 1) / 2;
        return (Of(left), heads == left ? [] : Of(heads - left));
    }

    private static double[] PowerOfTwo(int heads) => [.. Enumerable.Range(1, heads).Select(i => Math.Pow(2, -8.0 * i / heads))];
}

/// <summary>Sorts distances into buckets: near ones exactly, far ones by their logarithm.</summary>
/// <remarks>
/// Of n buckets for a side, the first n/2 hold one distance each; the others grow geometrically up to the maximum distance,
/// and all beyond it shares the last. Bidirectional: the first half of the buckets is for keys at or before the query, the second for keys after it.
/// Causal: all are for keys at or before the query, and keys after it count as distance 0.
/// Source: Raffel et al. 2020, section 2.1, and their published code.
/// </remarks>
internal static class RelativeBuckets
{
    /// <param name="distance">j - i: position of the key minus position of the query.</param>
    /// <param name="buckets">Number of buckets, even when bidirectional.</param>
    /// <param name="maxDistance">Distances from here on share the last bucket.</param>
    /// <param name="bidirectional">Whether keys after the query have buckets of their own.</param>
    public static int Of(long distance, int buckets, int maxDistance, bool bidirectional)
    {
        int first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            if (distance > 0) first = buckets;
        }
        long length = bidirectional ? Math.Abs(distance) : Math.Max(-distance, 0);
        int exact = buckets / 2;
        if (length < exact) return first + (int)length;
        int far = exact + (int)(MathF.Log((float)length / exact) / (float)Math.Log((double)maxDistance / exact) * (buckets - exact));
        return first + Math.Min(far, buckets - 1);
    }
}
