using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Engines.Torch;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;

namespace MlAttention.Pipeline;

/// <summary>The attention weights of a trained classifier's layer, for inspection.</summary>
public sealed record AttentionWeightsOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "AttentionWeights".</summary>
    /// <param name="model">The trained classifier.</param>
    public AttentionWeightsOptions(AttentionClassifierModel model) : base("AttentionWeights", "Tokens")
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    /// <summary>The encoder layer.</summary>
    /// <value>From 0 to below the number of layers; default 0, the first.</value>
    public int Layer { get; init; }

    internal override string LayerName => "AttentionWeights";

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => AttentionWeightsLayer.TypeOf(Model);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        Model.Vocabulary.Check(input);
        LibTorch.Require(LayerName);
        return new AttentionWeightsLayer(Model, Layer);
    }

    private protected override void Validate(OptionErrors errors)
    {
        var architecture = Model.Architecture;
        errors.Require(architecture.Encoder == EncoderKind.Attention, nameof(Model), architecture.Encoder, "has no attention weights");
        errors.Require(Layer >= 0 && Layer < architecture.Layers, nameof(Layer), Layer, $"must be from 0 to {architecture.Layers - 1}");
    }
}
