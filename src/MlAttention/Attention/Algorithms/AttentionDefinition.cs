using MlAttention.Positions;
using MlAttention.Tensors;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Attention written as its definition, for some of the queries and some of the keys.</summary>
internal static class AttentionDefinition
{
    /// <param name="inputs">Query, key and value of the block, with the rules of the whole.</param>
    /// <param name="queries">The positions of the queries.</param>
    /// <param name="keys">The positions of the keys.</param>
    /// <returns>Output [B,H,l,Dv] and weights before dropout [B,H,l,s].</returns>
    public static (Tensor Output, Tensor Weights) Attend(AttentionInputs inputs, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        var scores = inputs.BlockScores(inputs.Query, inputs.Key, queries, keys);
        var weights = MaskedSoftmax.Apply(scores, inputs.BlockAllowed(queries, keys, scores.device));
        var kept = inputs.Dropout > 0 ? DropoutSource.Apply(weights, inputs.Dropout) : weights;
        var output = inputs.BlockSum(kept, inputs.Value, queries, keys);
        return (output.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope());
    }

    /// <summary>The part of [B,H,L,*] at the positions of a span.</summary>
    public static Tensor At(this Tensor tensor, PositionSpan span) => tensor.narrow(2, span.Start, span.Length);

    /// <summary>
    /// [B,H,L,*] cut into blocks of <paramref name="blockSize"/> positions. The backward pass of one cut joins the gradients once;
    /// that of a narrow for each block would fill the whole length for each of them.
    /// </summary>
    public static Tensor[] Cut(this Tensor tensor, int blockSize) => tensor.split(blockSize, 2);

    /// <summary>The spans of <paramref name="blockSize"/> positions that cover a sequence; the last may be shorter.</summary>
    public static IEnumerable<PositionSpan> Blocks(long length, int blockSize)
    {
        for (long start = 0; start < length; start += blockSize)
            yield return new PositionSpan(start, Math.Min(blockSize, length - start));
    }
}
