using MlAttention.Positions;
using MlAttention.Randomness;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Attention written as its definition, for some of the queries and some of the keys.</summary>
internal static class AttentionDefinition
{
    /// <param name="inputs">All queries, keys and values.</param>
    /// <param name="queries">The queries that count.</param>
    /// <param name="keys">The keys that count.</param>
    /// <param name="alsoAllowed">A further mask of the block, True = may attend.</param>
    /// <returns>Output [B,H,l,Dv] and weights before dropout [B,H,l,s].</returns>
    public static (Tensor Output, Tensor Weights) Attend(AttentionInputs inputs, PositionSpan queries, PositionSpan keys, AttentionMask? alsoAllowed = null)
    {
        using var scope = NewDisposeScope();
        inputs = inputs with { Mask = AttentionMask.Combine(inputs.Mask, alsoAllowed) };
        var scores = inputs.BlockScores(inputs.Query.At(queries), inputs.Key.At(keys), queries, keys);
        var weights = MaskedSoftmax.Apply(scores, inputs.BlockAllowed(queries, keys, scores.device));
        var kept = inputs.Dropout > 0 ? DropoutSource.Apply(weights, inputs.Dropout) : weights;
        var output = inputs.BlockSum(kept, inputs.Value.At(keys), queries, keys);
        return (output.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope());
    }

    /// <summary>The part of [B,H,L,*] at the positions of a span.</summary>
    public static Tensor At(this Tensor tensor, PositionSpan span) => tensor.narrow(2, span.Start, span.Length);

    /// <summary>The spans of <paramref name="blockSize"/> positions that cover a sequence; the last may be shorter.</summary>
    public static IEnumerable<PositionSpan> Blocks(long length, int blockSize)
    {
        for (long start = 0; start < length; start += blockSize)
            yield return new PositionSpan(start, Math.Min(blockSize, length - start));
    }
}
