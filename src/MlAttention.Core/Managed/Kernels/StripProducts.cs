namespace MlAttention.Core.Managed.Kernels;

/// <summary>
/// Matrix products between the queries of a group of blocks and a sequence's keys, two blocks at a time. The strips of a group,
/// [key][N] for each block of queries, are the blocks of a view.
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
    /// <param name="queries">The group's blocks of queries.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="strips">A strip for each of them.</param>
    public static void Scores(int depth, LaneView keys, int from, int rows, LaneView queries, int count, LaneView strips)
    {
        int n = T.Count;
        for (int i = 0; i < count; i += 2)
        {
            float* query = queries.Block(i), strip = strips.Block(i);
            for (int row = 0; row < rows; row += n)
            {
                float* key = keys.Block((from + row) / n), target = strip + (nint)row * n;
                if (i + 1 < count) T.MultiplyTilePair(depth, key, n, query, queries.Stride, target, strips.Stride, false, key);
                else T.MultiplyTile(depth, key, n, query, n, target, n, false, key);
            }
        }
    }

    /// <summary>targets[i][feature, lane] = sum over j of values[from + j, feature] strips[i][j, lane].</summary>
    public static void Sums(LaneView values, int width, int from, int rows, LaneView strips, int count, LaneView targets)
    {
        int n = T.Count, first = from / n, blocks = rows / n;
        for (int i = 0; i < count; i += 2)
        {
            float* strip = strips.Block(i), sums = targets.Block(i);
            for (int block = 0; block < blocks; block += CachedBlocks)
            {
                int cached = Math.Min(CachedBlocks, blocks - block);
                float* source = strip + (nint)block * n * n;
                for (int feature = 0; feature < width; feature += n)
                {
                    float* value = values.Block(first + block) + feature * n, target = sums + feature * n;
                    if (i + 1 < count) T.MultiplyBlocksPair(cached, value, values.Stride, source, n, strips.Stride, target, n, targets.Stride, null, block > 0, value);
                    else T.MultiplyBlocks(cached, value, values.Stride, source, n, target, n, null, block > 0, value);
                }
            }
        }
    }

    /// <summary>sums[j, feature] += sum over the group's queries of strips[j, query] queryRows[query, feature].</summary>
    public static void AddTransposed(LaneView strips, int count, int rows, float* queryRows, int width, float* sums)
    {
        int n = T.Count;
        for (int row = 0; row < rows; row += n)
        {
            float* source = strips.Start + (nint)row * n, target = sums + (nint)row * width;
            int feature = 0;
            for (; feature + n < width; feature += 2 * n) T.MultiplyBlocksPair(count, source, strips.Stride, queryRows + feature, width, n, target + feature, width, n, null, true, source);
            if (feature < width) T.MultiplyBlocks(count, source, strips.Stride, queryRows + feature, width, target + feature, width, null, true, source);
        }
    }
}

/// <summary>
/// Blocks in memory: block b begins at Start + b Stride. Of features of one head of one sequence, its first token in lane 0,
/// [feature][N]; or of a group's strips, [key][N].
/// </summary>
/// <param name="start">The first block.</param>
/// <param name="stride">From block to block, in floats.</param>
internal readonly unsafe struct LaneView(float* start, nint stride)
{
    public float* Start { get; } = start;

    public nint Stride { get; } = stride;

    public float* Block(int block) => Start + block * Stride;

    public LaneView From(int block) => new(Block(block), Stride);
}
