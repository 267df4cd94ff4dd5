namespace MlAttention.Torch.Attention;

/// <summary>Key j of row b is a real token.</summary>
/// <remarks>
/// What is on the CPU is copied: the mask owns no native memory there. What is on another device stays there, as a view of the given
/// tensor that the garbage collector frees: no layer waits for the device.
/// </remarks>
internal sealed class PaddingMask : AttentionMask
{
    private readonly bool[] _realTokens = []; // [B,S], row-major
    private readonly Tensor? _onDevice;       // [B,S]
    private readonly int _rows;
    private readonly int _length;

    public PaddingMask(Tensor realTokens)
    {
        ArgumentNullException.ThrowIfNull(realTokens);
        if (realTokens.dtype != ScalarType.Bool || realTokens.dim() != 2)
            throw new ArgumentException($"realTokens must be a boolean tensor [B,S]; got {realTokens.dtype} {ShapeText.Of(realTokens)}. True = a real token.", nameof(realTokens));
        (_rows, _length) = ((int)realTokens.shape[0], (int)realTokens.shape[1]);
        if (realTokens.device_type == DeviceType.CPU) _realTokens = ManagedCopy(realTokens);
        else _onDevice = realTokens.alias().DetachFromDisposeScope();
    }

    public PaddingMask(IReadOnlyList<int> lengths, int keyLength)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        (_rows, _length) = (lengths.Count, keyLength);
        _realTokens = new bool[_rows * _length];
        for (var row = 0; row < _rows; row++)
        {
            if (lengths[row] < 0 || lengths[row] > keyLength)
                throw new ArgumentException($"lengths[{row}] = {lengths[row]}: must be from 0 to the padded length {keyLength}.", nameof(lengths));
            Array.Fill(_realTokens, true, row * _length, lengths[row]);
        }
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        if (_onDevice is not null) return OnDevice(keys, device);
        var block = new bool[_rows * keys.Length];
        for (var row = 0; row < _rows; row++)
            Array.Copy(_realTokens, row * _length + keys.Start, block, row * keys.Length, keys.Length);
        return tensor(block, [_rows, 1, 1, keys.Length], device: device);
    }

    /// <summary>On another device nobody looks, which would mean to wait for it.</summary>
    internal override bool AllowsAll => _onDevice is null && !_realTokens.AsSpan().Contains(false);

    private Tensor OnDevice(PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        return _onDevice!.narrow(1, keys.Start, keys.Length).unsqueeze(1).unsqueeze(1).to(device).MoveToOuterDisposeScope(); // [B,1,1,S]
    }

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength) =>
        _rows == batch && _length == keyLength
            ? null
            : $"The padding mask must have shape [B,S]=[{batch},{keyLength}]; got [{_rows},{_length}]. It tells for each key whether it is a real token.";
}

/// <summary>j &lt;= i: no look at what follows.</summary>
internal sealed class CausalMask : AttentionMask
{
    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var distance = PositionSpan.Distances(queries, keys, device);
        return distance.le(Number(0));
    }

    internal override bool BlocksAll(PositionSpan queries, PositionSpan keys) => keys.Start >= queries.End;
}

/// <summary>|i - j| &lt;= radius, and j &lt;= i as well when causal.</summary>
internal sealed class LocalWindowMask : AttentionMask
{
    private readonly int _radius;
    private readonly bool _causal;

    public LocalWindowMask(int radius, bool causal)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        (_radius, _causal) = (radius, causal);
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var distance = PositionSpan.Distances(queries, keys, device);
        return distance.ge(Number(-_radius)).logical_and(distance.le(Number(_causal ? 0 : _radius))).MoveToOuterDisposeScope();
    }

    internal override bool BlocksAll(PositionSpan queries, PositionSpan keys) =>
        keys.Start >= queries.End + (_causal ? 0 : _radius) || keys.End <= queries.Start - _radius;
}

/// <summary>|i - j| &lt;= radius, or i or j is a global token.</summary>
internal sealed class GlobalTokensMask : AttentionMask
{
    private readonly int _radius;
    private readonly int[] _globalPositions;

    public GlobalTokensMask(int radius, int[] globalPositions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentNullException.ThrowIfNull(globalPositions);
        foreach (var position in globalPositions) ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(globalPositions));
        (_radius, _globalPositions) = (radius, [.. globalPositions]);
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var near = PositionSpan.Distances(queries, keys, device).abs().le(Number(_radius));    // [L,S]
        var fromGlobal = IsGlobal(queries, device).unsqueeze(1);                         // [L,1]
        var toGlobal = IsGlobal(keys, device).unsqueeze(0);                              // [1,S]
        return near.logical_or(fromGlobal).logical_or(toGlobal).MoveToOuterDisposeScope();
    }

    private Tensor IsGlobal(PositionSpan span, Device device)
    {
        var isGlobal = new bool[span.Length];
        foreach (var position in _globalPositions)
            if (position >= span.Start && position < span.End) isGlobal[position - span.Start] = true;
        return tensor(isGlobal, device: device);
    }
}

/// <summary>blocks[i / blockSize, j / blockSize].</summary>
internal sealed class BlockSparseMask : AttentionMask
{
    private readonly bool[,] _blocks;
    private readonly int _blockSize;

    public BlockSparseMask(bool[,] blocks, int blockSize)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        (_blocks, _blockSize) = ((bool[,])blocks.Clone(), blockSize);
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var blocks = tensor(_blocks, device: device);
        var rows = blocks.index_select(0, BlockOf(queries, device));     // [L, key blocks]
        return rows.index_select(1, BlockOf(keys, device)).MoveToOuterDisposeScope();
    }

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength)
    {
        var (coveredQueries, coveredKeys) = (_blocks.GetLength(0) * (long)_blockSize, _blocks.GetLength(1) * (long)_blockSize);
        return queryLength <= coveredQueries && keyLength <= coveredKeys
            ? null
            : $"The block-sparse mask covers {coveredQueries} queries and {coveredKeys} keys; got {queryLength} and {keyLength}. Give it more blocks or a larger block size.";
    }

    private Tensor BlockOf(PositionSpan span, Device device)
    {
        var block = new long[span.Length];
        for (var i = 0; i < block.Length; i++) block[i] = (span.Start + i) / _blockSize;
        return tensor(block, device: device);
    }
}

/// <summary>Any boolean tensor [L,S] or [B,H,L,S], or one that broadcasts to it.</summary>
internal sealed class TensorMask : AttentionMask
{
    private readonly bool[] _allowed;
    private readonly long[] _shape;

    public TensorMask(Tensor allowed)
    {
        ArgumentNullException.ThrowIfNull(allowed);
        if (allowed.dtype != ScalarType.Bool || allowed.dim() is not (2 or 4))
            throw new ArgumentException($"allowed must be a boolean tensor [L,S] or [B,H,L,S]; got {allowed.dtype} {ShapeText.Of(allowed)}. True = may attend.", nameof(allowed));
        (_allowed, _shape) = (ManagedCopy(allowed), allowed.shape);
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var whole = tensor(_allowed, _shape, device: device);
        return Narrow(Narrow(whole, _shape.Length - 2, queries), _shape.Length - 1, keys).MoveToOuterDisposeScope();
    }

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength)
    {
        long[] expected = _shape.Length == 2 ? [queryLength, keyLength] : [batch, heads, queryLength, keyLength];
        var fits = _shape.Zip(expected).All(size => size.First == size.Second || size.First == 1);
        return fits ? null : $"The mask must broadcast to {ShapeText.Of(expected)}; got {ShapeText.Of(_shape)}.";
    }

    private static Tensor Narrow(Tensor whole, int dimension, PositionSpan span) =>
        whole.shape[dimension] == 1 ? whole : whole.narrow(dimension, span.Start, span.Length);
}
