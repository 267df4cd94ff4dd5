using MlAttention.Positions;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

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
        var distance = RelativeDistance.Between(queries, keys, device);
        var last = _causal ? 0 : _radius;
        return distance.ge(Number(-_radius)).logical_and(distance.le(Number(last))).MoveToOuterDisposeScope();
    }

    internal override bool BlocksAll(PositionSpan queries, PositionSpan keys) =>
        keys.Start >= queries.End + (_causal ? 0 : _radius) || keys.End <= queries.Start - _radius;
}
