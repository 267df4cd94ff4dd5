using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Positions;

/// <summary>The distances j - i of a block of queries i and keys j.</summary>
internal static class RelativeDistance
{
    /// <summary>Entry [i,j] is (position of key j) - (position of query i), as int64 [L,S].</summary>
    public static Tensor Between(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var i = arange(Number(queries.Start), Number(queries.End), Number(1), ScalarType.Int64, device).unsqueeze(1); // [L,1]
        var j = arange(Number(keys.Start), Number(keys.End), Number(1), ScalarType.Int64, device).unsqueeze(0);       // [1,S]
        return j.sub(i).MoveToOuterDisposeScope();
    }
}
