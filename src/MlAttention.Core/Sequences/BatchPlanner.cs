namespace MlAttention.Core.Sequences;

/// <summary>
/// Cuts each epoch's rows into batches of similar length, so that little is padding. The batches follow from the rows' lengths,
/// the batch size, the seed and the epoch alone: every variant of a model sees the same batches in the same order.
/// </summary>
/// <remarks>
/// The rows are shuffled, cut into pools of 50 batches, sorted by length within each pool, cut into batches, and the batches
/// shuffled. A pool is large enough for little padding and small enough that a batch's mates change from epoch to epoch.
/// </remarks>
internal sealed class BatchPlanner(IReadOnlyList<int> lengths, int batchSize, int seed)
{
    private const int BatchesPerPool = 50;

    /// <summary>Batches of an epoch.</summary>
    public int BatchesPerEpoch => (lengths.Count + batchSize - 1) / batchSize;

    /// <summary>The rows of each batch of an epoch, counted from 0.</summary>
    public IReadOnlyList<ArraySegment<int>> Epoch(int epoch)
    {
        var random = Xoshiro256.For(seed, "batches", epoch);
        int[] rows = Enumerable.Range(0, lengths.Count).ToArray();
        random.Shuffle(rows.AsSpan());
        int pool = BatchesPerPool * batchSize;
        for (int start = 0; start < rows.Length; start += pool)
            SortByLength(rows.AsSpan(start, Math.Min(pool, rows.Length - start)));
        var batches = Cut(rows);
        random.Shuffle(batches.AsSpan());
        return batches;
    }

    /// <summary>All rows sorted by length, for scoring.</summary>
    public IReadOnlyList<ArraySegment<int>> ByLength()
    {
        int[] rows = Enumerable.Range(0, lengths.Count).ToArray();
        SortByLength(rows);
        return Cut(rows);
    }

    /// <summary>Sorts by length and, so that the result is one on every machine, by the present place among equals.</summary>
    private void SortByLength(Span<int> rows)
    {
        long[] keys = new long[rows.Length];
        for (int i = 0; i < keys.Length; i++) keys[i] = ((long)lengths[rows[i]] << 32) | (uint)i;
        keys.AsSpan().Sort(rows);
    }

    private ArraySegment<int>[] Cut(int[] rows)
    {
        var batches = new ArraySegment<int>[BatchesPerEpoch];
        for (int batch = 0; batch < batches.Length; batch++)
        {
            int start = batch * batchSize;
            batches[batch] = new ArraySegment<int>(rows, start, Math.Min(batchSize, rows.Length - start));
        }
        return batches;
    }
}
