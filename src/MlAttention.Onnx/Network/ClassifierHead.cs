namespace MlAttention.Onnx.Network;

/// <summary>From the vectors of the tokens to the graph's outputs: the one place that knows what the model was trained to tell.</summary>
/// <remarks>
/// logits = W h + b, with h = pooled, or h = f(W' pooled + b') where the head has a hidden layer. Probabilities are the softmax of the
/// logits, of several labels the sigmoid of each. Of token labels each token has its own logits, 0 for padding; of a number the logit is it.
/// </remarks>
internal static class ClassifierHead
{
    /// <summary>The names of the graph's outputs.</summary>
    public const string LogitsName = "logits", ProbabilitiesName = "probabilities";

    /// <param name="parts">The model.</param>
    /// <param name="sequence">Which tokens are real.</param>
    /// <param name="x">[B,L,D].</param>
    public static void AddOutputs(ModelParts parts, TokenSequence sequence, Value x)
    {
        bool perToken = parts.Model.Task == TaskKind.TokenLabels;
        var vectors = perToken ? x : Pooling.Of(parts, sequence, x);                        // [B,D], or [B,L,D]
        using var scope = parts.Graph.In("head");
        var logits = parts.Linear(Hidden(parts, vectors), "head");                          // [B,C], or [B,L,C]
        if (perToken) logits = logits.Where(sequence.Mask.Unsqueeze(2), parts.Graph.Constant(0f));
        int classes = parts.Weight("head.bias").Shape[0];
        object[] shape = perToken ? ["batch", "tokens", classes] : ["batch", classes];
        parts.Graph.Output(LogitsName, logits, shape);
        if (Probabilities(parts.Model.Task, logits) is { } probabilities) parts.Graph.Output(ProbabilitiesName, probabilities, shape);
    }

    private static Value? Probabilities(TaskKind task, Value logits) => task switch
    {
        TaskKind.SingleLabel or TaskKind.TokenLabels => logits.Softmax(),
        TaskKind.MultiLabel => logits.Apply("Sigmoid"),
        TaskKind.Regression => null,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "This task is not known."),
    };

    private static Value Hidden(ModelParts parts, Value pooled) => parts.Model.Head switch
    {
        HeadKind.Linear => pooled,
        HeadKind.Tanh => parts.Linear(pooled, "head.dense").Apply("Tanh"),
        HeadKind.Relu => parts.Linear(pooled, "head.dense").Apply("Relu"),
        _ => throw new ArgumentOutOfRangeException(nameof(parts), parts.Model.Head, "This head is not known."),
    };
}
