using MlAttention.Positions;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

/// <summary>j &lt;= i: no look at what follows.</summary>
internal sealed class CausalMask : AttentionMask
{
    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var distance = RelativeDistance.Between(queries, keys, device);
        return distance.le(Number(0));
    }

    internal override bool BlocksAll(PositionSpan queries, PositionSpan keys) => keys.Start >= queries.End;
}
