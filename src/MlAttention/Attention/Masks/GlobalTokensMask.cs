using MlAttention.Positions;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

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
        var near = RelativeDistance.Between(queries, keys, device).abs().le(Number(_radius));    // [L,S]
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
