namespace MlAttention.Core.Managed.Kernels;

/// <summary>
/// Matrix products between the queries of a group of blocks and a sequence's keys, two blocks at a time. The strips of a group,
/// [key][N] for each block of queries, lie <c>strip</c> floats apart.
/// </summary>
internal static unsafe class StripProducts<T> where T : struct, ILanes<T>
{
    /// <summary>Keys, in blocks, whose part of two strips stays in a core's first cache.</summary>
    private const int CachedBlocks = 8;

    /// <summary>strips[i][j, lane] = sum over features of keys[from + j] queries[i][lane].</summary>
    /// <param name="depth">Features, even.</param>
    /// <param name="keys">The sequence's keys, or its values.</param>
    /// <param name="from">First key, a multiple of N.</param>
    /// <param name="rows">Number of keys, a multiple of N.</param>
    /// <param name="queries">Block i begins at queries + i * queryStride.</param>
    /// <param name="queryStride">In floats.</param>
    /// <param name="count">Blocks of queries.</param>
    /// <param name="strips">The first strip.</param>
    /// <param name="strip">From strip to strip, in floats.</param>
    public static void Scores(int depth, LaneView keys, int from, int rows, float* queries, nint queryStride, int count, float* strips, nint strip)
    {
        int n = T.Count;
        for (int i = 0; i < count; i += 2, queries += 2 * queryStride, strips += 2 * strip)
        {
            for (int row = 0; row < rows; row += n)
            {
                float* key = keys.Block((from + row) / n), target = strips + (nint)row * n;
                if (i + 1 < count) T.MultiplyTilePair(depth, key, n, queries, queryStride, target, strip, null, false);
                else T.MultiplyTile(depth, key, n, queries, n, target, n, null, false);
            }
        }
    }

    /// <summary>targets[i][feature, lane] = sum over j of values[from + j, feature] strips[i][j, lane].</summary>
    public static void Sums(LaneView values, int width, int from, int rows, float* strips, nint strip, int count, float* targets, nint targetStride)
    {
        int n = T.Count, first = from / n, blocks = rows / n;
        for (int i = 0; i < count; i += 2, strips += 2 * strip, targets += 2 * targetStride)
        {
            for (int block = 0; block < blocks; block += CachedBlocks)
            {
                int cached = Math.Min(CachedBlocks, blocks - block);
                float* source = strips + (nint)block * n * n;
                for (int feature = 0; feature < width; feature += n)
                {
                    float* value = values.Block(first + block) + feature * n, target = targets + feature * n;
                    if (i + 1 < count) T.AccumulateTokensPair(cached, value, values.Stride, source, n, strip, target, n, targetStride, block > 0);
                    else T.AccumulateTokens(cached, value, values.Stride, source, n, target, n, block > 0);
                }
            }
        }
    }

    /// <summary>sums[j, feature] += sum over the group's queries of strips[j, query] queryRows[query, feature].</summary>
    public static void AddTransposed(float* strips, nint strip, int count, int rows, float* queryRows, int width, float* sums)
    {
        int n = T.Count;
        for (int row = 0; row < rows; row += n)
        {
            float* source = strips + (nint)row * n, target = sums + (nint)row * width;
            int feature = 0;
            for (; feature + n < width; feature += 2 * n) T.AccumulateTokensPair(count, source, strip, queryRows + feature, width, n, target + feature, width, n, true);
            if (feature < width) T.AccumulateTokens(count, source, strip, queryRows + feature, width, target + feature, width, true);
        }
    }
}

/// <summary>Features of one head of one sequence, its first token in lane 0: block b, [feature][N], begins at Start + b Stride.</summary>
/// <param name="start">The first block.</param>
/// <param name="stride">From block to block, in floats.</param>
internal readonly unsafe struct LaneView(float* start, nint stride)
{
    public float* Start { get; } = start;

    public nint Stride { get; } = stride;

    public float* Block(int block) => Start + block * Stride;
}
