namespace MlAttention.Positions;

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
        var first = 0;
        if (bidirectional)
        {
            buckets /= 2;
            if (distance > 0) first = buckets;
        }
        var length = bidirectional ? Math.Abs(distance) : Math.Max(-distance, 0);
        var exact = buckets / 2;
        if (length < exact) return first + (int)length;
        var far = exact + (int)(MathF.Log((float)length / exact) / (float)Math.Log((double)maxDistance / exact) * (buckets - exact));
        return first + Math.Min(far, buckets - 1);
    }
}
