using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

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
        return new LaneView(copy, (nint)width * T.Count, true);
    }

    /// <summary>Where to write such features; <see cref="Insert"/> brings a copy home.</summary>
    public LaneView Target(in HeadInput<T> input, float* packed, int packedWidth, int from, float* copy) => IsAligned(input)
        ? new LaneView(packed + (nint)input.Start * packedWidth + (nint)(from + input.Head * width) * T.Count, (nint)packedWidth * T.Count, false)
        : new LaneView(copy, (nint)width * T.Count, true);

    public void Insert(in HeadInput<T> input, LaneView view, float* packed, int packedWidth, int from)
    {
        if (view.IsCopy) TokenLayout<T>.Insert(view.Start, width, packed, packedWidth, from + input.Head * width, input.Start, input.Length);
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
