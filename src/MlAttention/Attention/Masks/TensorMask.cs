using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

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
        (_allowed, _shape) = (ManagedCopy.Of(allowed), allowed.shape);
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
