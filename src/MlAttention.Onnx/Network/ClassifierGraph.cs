using MlAttention.Core.Managed;

namespace MlAttention.Onnx.Network;

/// <summary>A trained classifier as an ONNX model: embedding, layers, pooling and head.</summary>
internal static class ClassifierGraph
{
    /// <summary>What any runtime needs at least: ONNX 1.12 of 2022, whose operators ONNX Runtime has known since 1.12.</summary>
    public const int Opset = 17, IrVersion = 8;

    /// <param name="configuration">The architecture and its sizes.</param>
    /// <param name="weights">The trained weights.</param>
    /// <param name="precision">How exactly they are held.</param>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture, or a weight does not fit the precision; the message says what.</exception>
    /// <exception cref="ArgumentException">The weights do not fit the architecture.</exception>
    public static ModelProto Of(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights, OnnxPrecision precision)
    {
        var model = configuration.Model;
        RequireCovered(configuration);
        var layout = WeightLayout.Of(model, configuration.EmbeddingRows, configuration.Classes);
        var parts = new ModelParts(model, WeightShape.Match(layout, weights), precision);

        var sequence = new TokenSequence(parts);
        var x = TokenEmbedding.Of(parts, sequence);                                         // [B,L,D]
        var attention = new SelfAttention(parts, sequence);
        for (int layer = 0; layer < model.Layers; layer++) x = EncoderLayer.Of(parts, attention, x, layer);
        if (model.Norm == NormPlacement.Pre) x = parts.LayerNorm(x, "encoder.norm");
        ClassifierHead.AddOutputs(parts, sequence, x);

        return new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MlAttention",
            ProducerVersion = typeof(ClassifierGraph).Assembly.GetName().Version!.ToString(3),
            Graph = parts.Graph.Graph,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = Opset } },
        };
    }

    private static void RequireCovered(EngineConfiguration configuration)
    {
        if (configuration.Model.Task.PredictsTokens)
            throw new NotSupportedException($"The model cannot become ONNX, which classifiers can: it is one for {configuration.Model.Task}.");
        if (new ManagedEngineProvider().ReasonAgainst(configuration with { Compute = new() }) is { } reason)
            throw new NotSupportedException($"The model cannot become ONNX, where what the managed engine covers can: {reason}");
    }
}
