namespace MlAttention;

/// <summary>
/// Which keys a query may attend to. True = may attend, everywhere in this library. A mask answers for one block of queries
/// and keys at a time, so that long sequences never need a whole L x S table.
/// </summary>
/// <remarks>
/// Masks combine with &amp;: both must allow. A query that may attend to nothing gets a zero output and zero gradients.
/// A mask keeps no tensor: it may be kept, shared and used in a later backward pass.
/// </remarks>
public abstract class AttentionMask
{
    /// <summary>The mask of one block.</summary>
    /// <param name="queries">The positions of the queries.</param>
    /// <param name="keys">The positions of the keys.</param>
    /// <param name="device">Where the result lives.</param>
    /// <returns>A boolean tensor that broadcasts to [B,H,L,S] with L and S the lengths of the spans.</returns>
    public abstract Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device);

    /// <summary>The masks of which this one is the combination.</summary>
    internal virtual IEnumerable<AttentionMask> Parts => [this];

    /// <summary>Whether the mask certainly allows nothing in this block, so that it need not be computed.</summary>
    internal virtual bool BlocksAll(PositionSpan queries, PositionSpan keys) => false;

    /// <summary>Whether the mask certainly allows everything, so that it need not be applied.</summary>
    internal virtual bool AllowsAll => false;

    /// <summary>Says what is wrong when the mask does not fit scores of this shape; null when it fits.</summary>
    internal virtual string? Misfit(long batch, long heads, long queryLength, long keyLength) => null;

    /// <summary>Masks keep managed copies, so that a mask owns no native memory and outlives the dispose scope it was made in.</summary>
    private protected static bool[] ManagedCopy(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().data<bool>().ToArray();
    }

    /// <summary>The whole mask as one boolean tensor that broadcasts to [B,H,L,S].</summary>
    public Tensor ToTensor(long queryLength, long keyLength, Device? device = null) =>
        Allowed(PositionSpan.Whole(queryLength), PositionSpan.Whole(keyLength), device ?? CPU);

    /// <summary>Both masks must allow.</summary>
    public static AttentionMask operator &(AttentionMask left, AttentionMask right) => BitwiseAnd(left, right);

    /// <summary>Both masks must allow; the named form of &amp;.</summary>
    public static AttentionMask BitwiseAnd(AttentionMask left, AttentionMask right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new CombinedMask(left, right);
    }

    /// <summary>Both masks must allow; null means no restriction, and a padding mask without padding is none.</summary>
    public static AttentionMask? Combine(AttentionMask? left, AttentionMask? right)
    {
        if (left is { AllowsAll: true }) left = null;
        if (right is { AllowsAll: true }) right = null;
        return left is null ? right : right is null ? left : left & right;
    }

    /// <summary>Keys that are real tokens: row b has lengths[b] of them, the rest is padding on the right.</summary>
    /// <param name="lengths">The number of real tokens of each row, [B].</param>
    /// <param name="keyLength">The padded length S.</param>
    /// <exception cref="ArgumentException">A length is negative or more than <paramref name="keyLength"/>.</exception>
    public static AttentionMask Padding(IReadOnlyList<int> lengths, long keyLength) => new PaddingMask(lengths, checked((int)keyLength));

    /// <summary>Keys that are real tokens.</summary>
    /// <param name="realTokens">Boolean [B,S], True = a real token.</param>
    /// <exception cref="ArgumentException">The tensor is not boolean or not [B,S].</exception>
    public static AttentionMask Padding(Tensor realTokens) => new PaddingMask(realTokens);

    /// <summary>A query attends to its own position and to those before it: j &lt;= i.</summary>
    public static AttentionMask Causal() => new CausalMask();

    /// <summary>A query attends to positions at most <paramref name="radius"/> away: |i - j| &lt;= radius (truncated self-attention).</summary>
    public static AttentionMask LocalWindow(int radius) => new LocalWindowMask(radius, causal: false);

    /// <summary>A query attends to its own position and to the <paramref name="radius"/> before it: 0 &lt;= i - j &lt;= radius.</summary>
    public static AttentionMask CausalLocalWindow(int radius) => new LocalWindowMask(radius, causal: true);

    /// <summary>A local window, and global tokens which all attend to and which attend to all (Beltagy et al. 2020, Longformer).</summary>
    /// <param name="radius">The window's radius in tokens.</param>
    /// <param name="globalPositions">The positions of the global tokens.</param>
    public static AttentionMask WindowWithGlobalTokens(int radius, params int[] globalPositions) => new GlobalTokensMask(radius, globalPositions);

    /// <summary>Query i attends to key j when blocks[i / blockSize, j / blockSize] is true.</summary>
    public static AttentionMask BlockSparse(bool[,] blocks, int blockSize) => new BlockSparseMask(blocks, blockSize);

    /// <summary>Any mask, also one that differs by head.</summary>
    /// <param name="allowed">Boolean [L,S], [B,1,L,S], [1,H,L,S] or [B,H,L,S], True = may attend.</param>
    public static AttentionMask From(Tensor allowed) => new TensorMask(allowed);

    /// <summary>The mask of a <see cref="MaskKind"/>; null when it restricts nothing.</summary>
    public static AttentionMask? Of(MaskKind kind, int windowRadius) => kind switch
    {
        MaskKind.Bidirectional => null,
        MaskKind.Causal => Causal(),
        MaskKind.LocalWindow => LocalWindow(windowRadius),
        MaskKind.CausalLocalWindow => CausalLocalWindow(windowRadius),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This kind of mask is not known."),
    };
}

/// <summary>Both masks allow.</summary>
internal sealed class CombinedMask(AttentionMask left, AttentionMask right) : AttentionMask
{
    internal override IEnumerable<AttentionMask> Parts => left.Parts.Concat(right.Parts);

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        return left.Allowed(queries, keys, device).logical_and(right.Allowed(queries, keys, device)).MoveToOuterDisposeScope();
    }

    internal override bool BlocksAll(PositionSpan queries, PositionSpan keys) =>
        left.BlocksAll(queries, keys) || right.BlocksAll(queries, keys);

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength) =>
        left.Misfit(batch, heads, queryLength, keyLength) ?? right.Misfit(batch, heads, queryLength, keyLength);
}
