using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

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
