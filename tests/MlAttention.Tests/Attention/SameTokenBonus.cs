using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

// sample: SameTokenBonus
internal sealed class SameTokenBonus() : PositionEncoding(nameof(SameTokenBonus))
{
    public override bool ActsOnScores => true;

    public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        var i = arange(queries.Start, queries.End).unsqueeze(1);
        var j = arange(keys.Start, keys.End).unsqueeze(0);
        return i.eq(j).to(query.dtype).mul(5).MoveToOuterDisposeScope();   // 5 for a token and itself
    }
}
// end of sample
