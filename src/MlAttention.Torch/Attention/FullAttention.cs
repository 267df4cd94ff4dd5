namespace MlAttention.Torch.Attention;

/// <summary>The whole matrix of scores at once: the definition, and the fastest for short sequences.</summary>
/// <remarks>
/// weights = softmax((score(q, k) + bias) / T); output = dropout(weights) v + value bias. Time and memory O(L S).
/// libtorch's fused scaled_dot_product_attention computes the same when the score is the scaled dot product and nothing needs the
/// weights: nobody asks for them, no position scheme acts on the values, and nothing is dropped (its dropout would draw other numbers
/// than the other algorithms').
/// Source: Vaswani et al. 2017, section 3.2.1.
/// </remarks>
internal sealed class FullAttention : IAttentionAlgorithm
{
    /// <summary>Whether libtorch's fused function is used where it gives the same result.</summary>
    public bool UseFused { get; init; } = true;

    public AttentionResult Attend(AttentionInputs inputs)
    {
        inputs.RequireScoreAndMask();
        if (UseFused && inputs is { ReturnWeights: false, Dropout: 0, Score: ScaledDotProductScore, Positions: null or { ActsOnValues: false } })
            return new AttentionResult(Fused(inputs), null); // what it makes besides goes with the layer's scope
        using var scope = NewDisposeScope();
        var (output, weights) = inputs.Attend(inputs.AllQueries, inputs.AllKeys);
        return new AttentionResult(output.MoveToOuterDisposeScope(), inputs.ReturnWeights ? weights.MoveToOuterDisposeScope() : null);
    }

    private static Tensor Fused(AttentionInputs inputs)
    {
        var (queries, keys) = (inputs.AllQueries, inputs.AllKeys);
        var (query, bias) = (inputs.Query, inputs.Positions?.ScoreBias(inputs.Query, queries, keys));
        if (inputs.Temperature != 1) (query, bias) = (query / Number(inputs.Temperature), bias?.div(Number(inputs.Temperature)));
        if (bias is null && inputs.Mask is CausalMask) return Fused(query, inputs, mask: null, causal: true);
        if (inputs.BlockAllowed(queries, keys, query.device) is not { } allowed) return Fused(query, inputs, bias, causal: false);
        var (open, empty) = MaskedSoftmax.OpenEmptyRows(allowed);
        var mask = bias is null ? open : where(open, bias, tensor(double.NegativeInfinity, bias.dtype, bias.device));
        var output = Fused(query, inputs, mask, causal: false);
        return empty is null ? output : output.masked_fill(empty, Number(0));
    }

    /// <remarks>libtorch's mask: a boolean one is True where a query takes part, as ours; another is added to the scores. is_casual is TorchSharp's spelling.</remarks>
    private static Tensor Fused(Tensor query, AttentionInputs inputs, Tensor? mask, bool causal) =>
        nn.functional.scaled_dot_product_attention(query, inputs.Key, inputs.Value, mask, is_casual: causal);
}
