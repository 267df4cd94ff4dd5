namespace MlAttention;

/// <summary>Consecutive positions of a sequence: Start, Start + 1, ..., Start + Length - 1.</summary>
/// <remarks>Masks and position schemes answer for spans, so that an algorithm can ask for one block of scores at a time.</remarks>
/// <param name="Start">The first position, from 0.</param>
/// <param name="Length">The number of positions.</param>
public readonly record struct PositionSpan(long Start, long Length)
{
    /// <summary>The position after the last.</summary>
    public long End => Start + Length;

    /// <summary>All positions of a sequence.</summary>
    public static PositionSpan Whole(long length) => new(0, length);

    /// <summary>The distances j - i of queries i and keys j: (position of key j) - (position of query i), as int64 [L,S].</summary>
    internal static Tensor Distances(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var i = queries.ToTensor(device).unsqueeze(1);                                   // [L,1]
        var j = keys.ToTensor(device).unsqueeze(0);                                      // [1,S]
        return (j - i).MoveToOuterDisposeScope();
    }

    private Tensor ToTensor(Device device) => arange(Number(Start), Number(End), Number(1), ScalarType.Int64, device);
}
