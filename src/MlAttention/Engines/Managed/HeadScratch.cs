namespace MlAttention.Engines.Managed;

/// <summary>Memory of the attention of one head over one sequence, for the longest sequence.</summary>
internal sealed unsafe class HeadScratch : IDisposable
{
    private readonly NativeBuffer _memory;

    /// <param name="lanes">N.</param>
    /// <param name="length">Longest sequence, a multiple of N.</param>
    /// <param name="headWidth">A multiple of N.</param>
    /// <param name="distances">A multiple of N.</param>
    /// <param name="group">Blocks of queries in work at once.</param>
    /// <param name="trains">Whether there will be a backward pass.</param>
    public HeadScratch(int lanes, int length, int headWidth, int distances, int group, bool trains)
    {
        long sequence = (long)length * headWidth, strip = (long)length * lanes, block = (long)headWidth * lanes;
        int sequences = trains ? 8 : 4, strips = trains ? 2 * group : group;
        _memory = new NativeBuffer(sequences * sequence + strips * strip + (trains ? 3 * group : 0) * block + distances * lanes);
        float* next = _memory.Start;
        float* Take(long count)
        {
            float* taken = next;
            next += count;
            return taken;
        }
        Query = Take(sequence);
        Key = Take(sequence);
        Value = Take(sequence);
        Output = Take(sequence);
        ByDistance = Take((long)distances * lanes);
        Weights = Take(group * strip);
        if (!trains) return;
        Gradients = Take(group * strip);
        DOutput = Take(sequence);
        DQuery = Take(sequence);
        DKeyRows = Take(sequence);
        DValueRows = Take(sequence);
        Scaled = Take(group * block);
        QueryRows = Take(group * block);
        DOutputRows = Take(group * block);
    }

    /// <summary>Copies of a sequence that shares its blocks with others: [block][feature][N].</summary>
    public float* Query { get; }

    /// <inheritdoc cref="Query"/>
    public float* Key { get; }

    /// <inheritdoc cref="Query"/>
    public float* Value { get; }

    /// <inheritdoc cref="Query"/>
    public float* Output { get; }

    /// <inheritdoc cref="Query"/>
    public float* DOutput { get; }

    /// <summary>Gradients on their way to shared blocks: [block][feature][N].</summary>
    public float* DQuery { get; }

    /// <summary>[key][feature].</summary>
    public float* DKeyRows { get; }

    /// <summary>[key][feature].</summary>
    public float* DValueRows { get; }

    /// <summary>Scores, then weights: a strip [key][N] for each block of a group.</summary>
    public float* Weights { get; }

    /// <summary>Forward: kept weights. Backward: gradients of weights, then of scores. A strip [key][N] for each block of a group.</summary>
    public float* Gradients { get; }

    /// <summary>A block's gradient of the output, over the sum of weights.</summary>
    public float* Scaled { get; }

    /// <summary>The group's queries, [token][feature].</summary>
    public float* QueryRows { get; }

    /// <summary>The group's <see cref="Scaled"/>, [token][feature].</summary>
    public float* DOutputRows { get; }

    /// <summary>Sums by clipped distance, [distance][N].</summary>
    public float* ByDistance { get; }

    public void Dispose() => _memory.Dispose();
}
