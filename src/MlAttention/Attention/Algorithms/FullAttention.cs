using MlAttention.Attention.Masks;
using MlAttention.Attention.Scores;
using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>The whole matrix of scores at once: the definition, and the fastest for short sequences.</summary>
/// <remarks>
/// weights = softmax((score(q, k) + bias) / T); output = dropout(weights) v + value bias. Time and memory O(L S).
/// When the score is the scaled dot product, the position scheme does not act on the scores and nothing drops or wants weights,
/// libtorch's fused scaled_dot_product_attention computes the same.
/// Source: Vaswani et al. 2017, section 3.2.1.
/// </remarks>
public sealed class FullAttention : IAttentionAlgorithm
{
    /// <summary>Whether libtorch's fused function is used where it gives the same result.</summary>
    /// <value>Default true.</value>
    public bool UseFused { get; init; } = true;

    /// <inheritdoc/>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        AttentionShapes.Require(inputs);
        using var scope = NewDisposeScope();
        if (UseFused && inputs is { ReturnWeights: false, Dropout: 0, Score: ScaledDotProductScore, Positions: null or { ActsOnScores: false } })
            return new AttentionResult(Fused(inputs).MoveToOuterDisposeScope(), null);
        var (output, weights) = AttentionDefinition.Attend(inputs, PositionSpan.Whole(inputs.Query.shape[2]), PositionSpan.Whole(inputs.Key.shape[2]));
        return new AttentionResult(output.MoveToOuterDisposeScope(), inputs.ReturnWeights ? weights.MoveToOuterDisposeScope() : null);
    }

    private static Tensor Fused(AttentionInputs inputs)
    {
        AttentionShapes.RequireSameWidth(inputs.Query, inputs.Key);
        var query = inputs.Temperature == 1 ? inputs.Query : inputs.Query.div(inputs.Temperature);
        if (inputs.Mask is null or CausalMask) return Fused(query, inputs, allowed: null, inputs.Mask is CausalMask);
        var allowed = inputs.Mask.ToTensor(inputs.Query.shape[2], inputs.Key.shape[2], inputs.Query.device);
        var (open, empty) = MaskedSoftmax.OpenEmptyRows(allowed);
        var output = Fused(query, inputs, open, causal: false);
        return empty is null ? output : output.masked_fill(empty, 0);
    }

    /// <remarks>libtorch's mask: True = takes part, as ours. is_casual is TorchSharp's spelling.</remarks>
    private static Tensor Fused(Tensor query, AttentionInputs inputs, Tensor? allowed, bool causal) =>
        nn.functional.scaled_dot_product_attention(query, inputs.Key, inputs.Value, allowed, is_casual: causal);
}
