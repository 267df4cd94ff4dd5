using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline;

/// <summary>A trained classifier's encoder as a featurizer.</summary>
public sealed record EncodeSequenceOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "Features".</summary>
    /// <param name="model">The trained classifier.</param>
    public EncodeSequenceOptions(AttentionClassifierModel model) : base("Features", "Tokens")
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
    }

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    internal override string LayerName => "EncodeSequence";

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => new VectorDataViewType(NumberDataViewType.Single, 1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        Model.Vocabulary.Check(input);
        return new EncodingLayer(Model);
    }
}
