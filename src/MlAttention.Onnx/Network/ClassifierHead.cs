namespace MlAttention.Onnx.Network;

/// <summary>From the vectors of the tokens to the graph's outputs: the one place that knows what the model was trained to tell.</summary>
/// <remarks>logits = W h + b, with h = pooled, or h = f(W' pooled + b') where the head has a hidden layer; probabilities = softmax(logits).</remarks>
internal static class ClassifierHead
{
    /// <summary>The names of the graph's outputs.</summary>
    public const string LogitsName = "logits", ProbabilitiesName = "probabilities";

    /// <param name="parts">The model.</param>
    /// <param name="sequence">Which tokens are real.</param>
    /// <param name="x">[B,L,D].</param>
    public static void AddOutputs(ModelParts parts, TokenSequence sequence, Value x)
    {
        var pooled = Pooling.Of(parts, sequence, x);                                        // [B,D]
        using var scope = parts.Graph.In("head");
        int classes = parts.Weight("head.bias").Shape[0];
        var logits = parts.Linear(Hidden(parts, pooled), "head");                           // [B,C]
        parts.Graph.Output(LogitsName, logits, "batch", classes);
        parts.Graph.Output(ProbabilitiesName, logits.Softmax(), "batch", classes);
    }

    private static Value Hidden(ModelParts parts, Value pooled) => parts.Model.Head switch
    {
        HeadKind.Linear => pooled,
        HeadKind.Tanh => parts.Linear(pooled, "head.dense").Apply("Tanh"),
        HeadKind.Relu => parts.Linear(pooled, "head.dense").Apply("Relu"),
        _ => throw new ArgumentOutOfRangeException(nameof(parts), parts.Model.Head, "This head is not known."),
    };
}
