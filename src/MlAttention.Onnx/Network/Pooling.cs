namespace MlAttention.Onnx.Network;

/// <summary>The vector of a sequence: a sum over its tokens, each with a share, or the largest values. Of a sequence without tokens 0.</summary>
internal static class Pooling
{
    /// <param name="parts">The model.</param>
    /// <param name="sequence">Which tokens are real.</param>
    /// <param name="x">[B,L,D].</param>
    /// <returns>[B,D].</returns>
    public static Value Of(ModelParts parts, TokenSequence sequence, Value x)
    {
        using var scope = parts.Graph.In("pooling");
        return parts.Model.Pooling == PoolingKind.Max ? Largest(parts, sequence, x) : Shares(parts, sequence, x).Unsqueeze(1).MatMul(x).Squeeze(1);
    }

    /// <summary>What part of the vector each token has, [B,L]; 0 for padding.</summary>
    private static Value Shares(ModelParts parts, TokenSequence sequence, Value x)
    {
        var mask = sequence.Mask;
        switch (parts.Model.Pooling)
        {
            case PoolingKind.Mean:
                return mask.ToFloat() / mask.ToFloat().Sum(1).AtLeast(1);
            case PoolingKind.Attention:
                var scores = (x * parts.Vector("pooling.query")).Sum(2).Squeeze(2) * (1 / MathF.Sqrt(parts.Model.ModelWidth));
                return scores.Where(mask, parts.Graph.Constant(ModelParts.Lowest)).Softmax() * mask.ToFloat();
            case PoolingKind.First or PoolingKind.Cls:
                return (sequence.Positions.EqualTo(parts.Graph.Constant(0L)) & mask).ToFloat();
            case PoolingKind.Last:
                var last = (mask.ToLong() * sequence.Positions).Max(1);                     // [B,1]
                return (sequence.Positions.EqualTo(last) & mask).ToFloat();
            default:
                throw new ArgumentOutOfRangeException(nameof(parts), parts.Model.Pooling, "This pooling is not known.");
        }
    }

    /// <summary>The largest value over the tokens, for each dimension.</summary>
    private static Value Largest(ModelParts parts, TokenSequence sequence, Value x)
    {
        var largest = x.Where(sequence.Mask.Unsqueeze(2), parts.Graph.Constant(ModelParts.Lowest)).Max(1, keep: false);
        return largest.Where(sequence.Mask.ToLong().Max(1) >= 1, parts.Graph.Constant(0f));
    }
}
