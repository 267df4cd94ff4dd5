using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>Between a strip by key [rows][N] and sums by clipped distance [2 clip + 1][N] for N consecutive queries.</summary>
internal static unsafe class DistanceKernels<T> where T : struct, ILanes<T>
{
    /// <summary>strip[j, lane] += byDistance[distance of key from + j and query + lane, lane].</summary>
    public static void Spread(float* byDistance, int clip, int query, int from, int keys, float* strip)
    {
        for (int j = 0; j < keys; j++)
            for (int lane = 0; lane < T.Count; lane++)
                strip[(nint)j * T.Count + lane] += byDistance[Row(clip, query + lane, from + j) * T.Count + lane];
    }

    /// <summary>byDistance[c, lane] = sum of strip[j, lane] over the keys at distance c.</summary>
    public static void Gather(float* strip, int clip, int query, int from, int keys, float* byDistance)
    {
        new Span<float>(byDistance, TokenLayout<T>.Pad(2 * clip + 1) * T.Count).Clear();
        for (int j = 0; j < keys; j++)
            for (int lane = 0; lane < T.Count; lane++)
                byDistance[Row(clip, query + lane, from + j) * T.Count + lane] += strip[(nint)j * T.Count + lane];
    }

    private static int Row(int clip, int query, int key) => Math.Clamp(key - query, -clip, clip) + clip;
}
