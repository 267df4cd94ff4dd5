namespace MlAttention.Onnx.Network;

/// <summary>One layer: self-attention, then a feed-forward network at each position.</summary>
/// <remarks>
/// Pre-norm: y = x + attention(norm1(x)); output = y + feedForward(norm2(y)).
/// Post-norm: y = norm1(x + attention(x)); output = norm2(y + feedForward(y)).
/// </remarks>
internal static class EncoderLayer
{
    /// <param name="parts">The model.</param>
    /// <param name="attention">The attention, which knows masks and positions.</param>
    /// <param name="x">[B,L,D].</param>
    /// <param name="index">Which layer.</param>
    /// <returns>[B,L,D].</returns>
    public static Value Of(ModelParts parts, SelfAttention attention, Value x, int index)
    {
        string layer = string.Create(CultureInfo.InvariantCulture, $"encoder.layers.{index}.");
        using var scope = parts.Graph.In(layer[..^1]);
        var y = Residual(parts, x, layer + "norm1", input => attention.Of(input, layer + "self_attn."));
        return Residual(parts, y, layer + "norm2", input => FeedForward(parts, input, layer));
    }

    private static Value Residual(ModelParts parts, Value x, string norm, Func<Value, Value> sublayer) => parts.Model.Norm switch
    {
        NormPlacement.Pre => x + sublayer(parts.LayerNorm(x, norm)),
        NormPlacement.Post => parts.LayerNorm(x + sublayer(x), norm),
        _ => throw new ArgumentOutOfRangeException(nameof(parts), parts.Model.Norm, "This norm placement is not known."),
    };

    /// <summary>linear2(activation(linear1(x))).</summary>
    private static Value FeedForward(ModelParts parts, Value x, string layer) =>
        parts.Linear(Activated(parts.Model.Activation, parts.Linear(x, layer + "linear1")), layer + "linear2");

    private static Value Activated(ActivationKind kind, Value x) => kind switch
    {
        ActivationKind.Relu => x.Apply("Relu"),
        ActivationKind.Gelu => x * ((x * MathF.Sqrt(0.5f)).Apply("Erf") + 1) * 0.5f,
        ActivationKind.GeluTanh => x * (((x + x * x * x * 0.044715f) * MathF.Sqrt(2 / MathF.PI)).Apply("Tanh") + 1) * 0.5f,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This activation is not known."),
    };
}
