namespace MlAttention.Core.Managed.Network;

/// <summary>
/// Where the features of one head of one sequence lie: in the packed blocks themselves when no other sequence has lanes there and
/// nothing rotates them, otherwise in a copy, aligned to lane 0.
/// </summary>
/// <param name="heads">Number of heads H.</param>
/// <param name="width">Width of a head, padded to a multiple of N.</param>
/// <param name="rotary">The angles of queries and keys, or null.</param>
internal sealed unsafe class HeadLayout<T>(int heads, int width, RotaryTable<T>? rotary) where T : struct, ILanes<T>
{
    /// <summary>Features of all heads.</summary>
    public int JoinedWidth { get; } = heads * width;

    public LaneView Query(in HeadInput<T> input, float* copy) => Rotated(input, Source(input, input.Qkv, 3 * JoinedWidth, 0, copy));

    public LaneView Key(in HeadInput<T> input, float* copy) => Rotated(input, Source(input, input.Qkv, 3 * JoinedWidth, JoinedWidth, copy));

    public LaneView Value(in HeadInput<T> input, float* copy) => Source(input, input.Qkv, 3 * JoinedWidth, 2 * JoinedWidth, copy);

    /// <summary>The head's features in packed blocks of <paramref name="packedWidth"/> features, from feature <paramref name="from"/> on.</summary>
    public LaneView Source(in HeadInput<T> input, float* packed, int packedWidth, int from, float* copy)
    {
        if (IsAligned(input)) return Target(input, packed, packedWidth, from, copy);
        TokenLayout<T>.Extract(packed, packedWidth, from + input.Head * width, width, input.Start, input.Length, copy);
        return new LaneView(copy, (nint)width * T.Count);
    }

    /// <summary>Where to write such features; <see cref="Insert"/> brings a copy home.</summary>
    public LaneView Target(in HeadInput<T> input, float* packed, int packedWidth, int from, float* copy) => IsAligned(input)
        ? new LaneView(packed + (nint)input.Start * packedWidth + (nint)(from + input.Head * width) * T.Count, (nint)packedWidth * T.Count)
        : new LaneView(copy, (nint)width * T.Count);

    public void Insert(in HeadInput<T> input, LaneView view, float* packed, int packedWidth, int from)
    {
        if (!IsAligned(input)) TokenLayout<T>.Insert(view.Start, width, packed, packedWidth, from + input.Head * width, input.Start, input.Length);
    }

    /// <summary>Brings gradients by token, [token][feature], to the gradient of qkv.</summary>
    public void InsertRows(in HeadInput<T> input, float* rows, float* dQkv, int from, bool rotates, float* copy)
    {
        LaneView target = Target(input, dQkv, 3 * JoinedWidth, from, copy);
        for (int block = 0; block < TokenLayout<T>.Blocks(input.Length); block++)
            for (int feature = 0; feature < width; feature += T.Count)
                T.Transpose(rows + (nint)block * T.Count * width + feature, width, target.Block(block) + feature * T.Count, T.Count);
        if (rotates) RotateBack(input, target);
        Insert(input, target, dQkv, 3 * JoinedWidth, from);
    }

    /// <summary>From gradients of rotated features to gradients of features.</summary>
    public void RotateBack(in HeadInput<T> input, LaneView view) => rotary?.Rotate(view.Start, TokenLayout<T>.Blocks(input.Length), width, inverse: true);

    private bool IsAligned(in HeadInput<T> input) => rotary is null && input.OwnsBlocks;

    private LaneView Rotated(in HeadInput<T> input, LaneView view)
    {
        rotary?.Rotate(view.Start, TokenLayout<T>.Blocks(input.Length), width, inverse: false);
        return view;
    }
}

/// <summary>Which head of which sequence to attend over, and with what.</summary>
internal unsafe struct HeadInput<T> where T : struct, ILanes<T>
{
    /// <summary>Queries, keys and values of all heads, packed blocks; queries carry the score's scale.</summary>
    public required float* Qkv;

    public required int Head;

    /// <summary>The sequence's first token in the packed blocks, and its tokens, at least 1.</summary>
    public required int Start, Length;

    /// <summary>Whether no other sequence has lanes in the sequence's blocks.</summary>
    public required bool OwnsBlocks;

    /// <summary>Dropout of the weights.</summary>
    public required Dropout Dropout;

    /// <summary>Each query's largest score and inverse sum of weights: [blocks][2][N], written forward, read backward.</summary>
    public required float* Statistics;

    /// <summary>The weights, [blocks][padded length][N], written forward, read backward; null to make them again.</summary>
    public required float* Weights;

    /// <summary>The layer's vectors for keys and for values, or null.</summary>
    public ShawVectors<T>? ShawKeys, ShawValues;
}

/// <summary>Memory of the attention of one head over one sequence, for the longest sequence.</summary>
internal sealed unsafe class HeadScratch : IDisposable
{
    /// <summary>Copies of a sequence that shares its blocks with others: [block][feature][N].</summary>
    public float* Query, Key, Value, Output, DOutput;

    /// <summary>Gradients on their way to shared blocks: [block][feature][N].</summary>
    public float* DQuery;

    /// <summary>Gradients key by key: [key][feature].</summary>
    public float* DKeyRows, DValueRows;

    /// <summary>Scores, then weights: a strip [key][N] for each block of a group.</summary>
    public float* Weights;

    /// <summary>Forward: kept weights. Backward: gradients of weights, then of scores. A strip [key][N] for each block of a group.</summary>
    public float* Gradients;

    /// <summary>A block's gradient of the output, over the sum of weights.</summary>
    public float* Scaled;

    /// <summary>The group's queries and its <see cref="Scaled"/>, [token][feature].</summary>
    public float* QueryRows, DOutputRows;

    /// <summary>Sums by clipped distance, [distance][N].</summary>
    public float* ByDistance;

    private readonly NativeArrays _memory = new();

    /// <param name="lanes">N.</param>
    /// <param name="length">Longest sequence, a multiple of N.</param>
    /// <param name="headWidth">A multiple of N.</param>
    /// <param name="distances">A multiple of N.</param>
    /// <param name="group">Blocks of queries in work at once.</param>
    /// <param name="trains">Whether there will be a backward pass.</param>
    public HeadScratch(int lanes, int length, int headWidth, int distances, int group, bool trains)
    {
        long sequence = (long)length * headWidth, strip = (long)length * lanes, block = (long)headWidth * lanes;
        _memory.Lay(Lay);

        void Lay()
        {
            Query = _memory.Take(sequence);
            Key = _memory.Take(sequence);
            Value = _memory.Take(sequence);
            Output = _memory.Take(sequence);
            ByDistance = _memory.Take((long)distances * lanes);
            Weights = _memory.Take(group * strip);
            if (!trains) return;
            Gradients = _memory.Take(group * strip);
            DOutput = _memory.Take(sequence);
            DQuery = _memory.Take(sequence);
            DKeyRows = _memory.Take(sequence);
            DValueRows = _memory.Take(sequence);
            Scaled = _memory.Take(group * block);
            QueryRows = _memory.Take(group * block);
            DOutputRows = _memory.Take(group * block);
        }
    }

    public void Dispose() => _memory.Dispose();
}
