namespace MlAttention.Positions;

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
}
