using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Makes an attention layer with a golden case's weights, runs it, and compares what comes out.</summary>
internal static class GoldenLayer
{
    /// <summary>Puts values into a module's parameters, all of them and no other.</summary>
    public static void SetParameters(nn.Module module, Dictionary<string, Tensor> values)
    {
        using var without = no_grad();
        var parameters = module.named_parameters().ToDictionary(entry => entry.Item1, entry => entry.Item2);
        Assert.Equal(values.Keys.Order(StringComparer.Ordinal), parameters.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, value) in values)
        {
            Assert.Equal(value.shape, parameters[name].shape);
            parameters[name].copy_(value);
        }
    }

    /// <summary>The mask of a case: key padding, a boolean mask of pairs, and causal, each where the case has it.</summary>
    public static AttentionMask? Mask(GoldenCase goldenCase)
    {
        AttentionMask? mask = null;
        if (goldenCase.Has("key_padding_mask")) mask = AttentionMask.Padding(goldenCase.Allowed("key_padding_mask"));
        if (goldenCase.Has("attn_mask") && !IsBias(goldenCase)) mask = AttentionMask.Combine(mask, AttentionMask.From(goldenCase.Allowed("attn_mask")));
        if (goldenCase.Has("config.causal") && goldenCase.Flag("config.causal")) mask = AttentionMask.Combine(mask, AttentionMask.Causal());
        return mask;
    }

    /// <summary>Whether attn_mask holds numbers that are added to the scores.</summary>
    public static bool IsBias(GoldenCase goldenCase) => goldenCase.Name.EndsWith("float", StringComparison.Ordinal) || goldenCase.Name.EndsWith("bias", StringComparison.Ordinal);

    /// <summary>Wq, bq, Wk, .. of the position cases as the names of a layer; aK and aV are Shaw's tables.</summary>
    public static Dictionary<string, Tensor> ToLayerNames(Dictionary<string, Tensor> parts)
    {
        var named = new Dictionary<string, Tensor>
        {
            ["in_proj_weight"] = cat([parts["Wq"], parts["Wk"], parts["Wv"]]),
            ["in_proj_bias"] = cat([parts["bq"], parts["bk"], parts["bv"]]),
            ["out_proj.weight"] = parts["Wo"],
            ["out_proj.bias"] = parts["bo"],
        };
        if (parts.TryGetValue("aK", out var key)) named["positions.key"] = key;
        if (parts.TryGetValue("aV", out var value)) named["positions.value"] = value;
        return named;
    }

    /// <summary>Runs a case of rope.json, shaw_relative.json or alibi.json and compares output, weights and all gradients.</summary>
    public static void CheckPositions(GoldenCase goldenCase, PositionEncoding positions, AttentionOptions options, bool withWeights)
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(options with { ModelWidth = goldenCase.Integer("config.E"), Heads = goldenCase.Integer("config.H") }, positions);
        SetParameters(layer, ToLayerNames(goldenCase.Tensors("params")));
        Check(layer, goldenCase, ToLayerNames(goldenCase.Tensors("grads")), withWeights ? goldenCase.Tensor("attention") : null);
    }

    /// <summary>Compares output, weights when given, the gradient of X and those of the parameters.</summary>
    public static void Check(MultiHeadAttention layer, GoldenCase goldenCase, Dictionary<string, Tensor> gradients, Tensor? weights)
    {
        var x = goldenCase.Tensor("X").requires_grad_();
        var (output, actualWeights) = layer.Attend(x, x, x, Mask(goldenCase), returnWeights: weights is not null);
        TensorAssert.Close(goldenCase.Tensor("output"), output, what: "output");
        if (weights is not null) TensorAssert.Close(weights, actualWeights!, what: "weights");
        if (weights is not null && goldenCase.Has("attention_mean")) TensorAssert.Close(goldenCase.Tensor("attention_mean"), actualWeights!.mean([1]), what: "mean of the heads' weights");
        var loss = output.mul(goldenCase.Tensor("G")).sum();
        TensorAssert.Close(tensor((float)goldenCase.Number("loss")), loss, what: "loss");
        loss.backward();
        TensorAssert.Close(goldenCase.Tensor("grad_X"), x.grad!, what: "gradient of X");
        foreach (var (name, parameter) in layer.named_parameters())
            TensorAssert.Close(gradients[name], parameter.grad!, what: $"gradient of {name}");
    }
}
