namespace MlAttention.Onnx.Network;

/// <summary>Multi-head self-attention with a model's masks and positions.</summary>
/// <remarks>
/// weights = softmax((q·k / sqrt(Dh) + bias) / T) over the allowed keys; output = linear(weights · v, heads joined).
/// Shapes: x [B,L,D]; q, k, v [B,H,L,Dh]; weights [B,H,L,L].
/// Padding queries give numbers that nothing reads: no key that is padding has a weight.
/// </remarks>
internal sealed class SelfAttention(ModelParts parts, TokenSequence sequence)
{
    private readonly ScoreTerms _terms = ScoreTerms.Of(parts, sequence);
    private readonly RotaryPositions? _rotary = RotaryPositions.Of(parts, sequence);

    /// <param name="x">[B,L,D].</param>
    /// <param name="name">What the names of the layer's weights begin with.</param>
    /// <returns>[B,L,D].</returns>
    public Value Of(Value x, string name)
    {
        using var scope = parts.Graph.In("attention");
        var model = parts.Model;
        var shaw = ShawPositions.Of(parts, sequence, name);
        var joined = parts.Linear(x, name + "in_proj_weight", name + "in_proj_bias");       // [B,L,3D]
        var split = joined.Reshape(0, 0, 3, model.Heads, model.HeadWidth).Transpose(2, 0, 3, 1, 4);         // [3,B,H,L,Dh]
        var (query, key, value) = (split.Gather(parts.Graph.Constant(0L)), split.Gather(parts.Graph.Constant(1L)), split.Gather(parts.Graph.Constant(2L)));
        if (_rotary is not null) (query, key) = (_rotary.Rotate(query), _rotary.Rotate(key));

        query *= (float)(Scale(model) / model.Temperature);
        var scores = query.MatMul(key.Transpose(0, 1, 3, 2));
        if (_terms.Bias is { } bias) scores += bias;
        if (shaw is not null) scores = shaw.AddToScores(scores, query);
        var weights = scores.Where(_terms.Allowed, parts.Graph.Constant(ModelParts.Lowest)).Softmax();

        var heads = weights.MatMul(value);
        if (shaw is not null) heads = shaw.AddToHeads(heads, weights);
        return parts.Linear(heads.Transpose(0, 2, 1, 3).Reshape(0, 0, model.ModelWidth), name + "out_proj");
    }

    private static double Scale(SequenceModelOptions model) => model.Score switch
    {
        ScoreFunction.ScaledDotProduct => 1 / Math.Sqrt(model.HeadWidth),
        ScoreFunction.Dot => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Score, "This score is not known."),
    };
}
