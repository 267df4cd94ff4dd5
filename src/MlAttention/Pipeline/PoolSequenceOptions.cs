using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;

namespace MlAttention.Pipeline;

/// <summary>How the vectors of a sequence become one vector.</summary>
public sealed record PoolSequenceOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Attended" to "Features".</summary>
    public PoolSequenceOptions() : base("Features", "Attended") { }

    /// <summary>The pooling. CLS takes the first token's vector: let TokenizeSequence put a CLS token there.</summary>
    /// <value>Default <see cref="PoolingKind.Mean"/>.</value>
    public PoolingKind Pooling { get; init; } = PoolingKind.Mean;

    /// <summary>Attention pooling: a safetensors file with "pooling.query" [D].</summary>
    /// <value>Default null: a query of zeros, which gives the mean.</value>
    public string? WeightsPath { get; init; }

    internal override string LayerName => "PoolSequence";

    internal override ColumnRequirement Input => ColumnRequirement.TokenVectors("input", InputName);

    internal override DataViewType ExampleOutputType => new VectorDataViewType(NumberDataViewType.Single, 1);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        var width = TokenVectors.WidthOf(input);
        return new PoolingLayer(Pooling, width, LayerWeights.Of(PoolingLayer.Layout(Pooling, width), "pooling.", width, seed: 1, WeightsPath));
    }

    private protected override void Validate(OptionErrors errors) => errors.Require(Enum.IsDefined(Pooling), nameof(Pooling), Pooling, "is not a pooling");
}
