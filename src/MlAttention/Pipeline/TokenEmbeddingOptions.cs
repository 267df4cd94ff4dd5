using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Rows;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;
using MlAttention.Weights;

namespace MlAttention.Pipeline;

/// <summary>How keys become vectors.</summary>
public sealed record TokenEmbeddingOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "Embeddings".</summary>
    public TokenEmbeddingOptions() : base("Embeddings", "Tokens") { }

    /// <summary>Width D of a vector.</summary>
    /// <value>At least 1; default 64.</value>
    public int Width { get; init; } = 64;

    /// <summary>The seed of the vectors, when there is no file. A classifier of this seed and width starts with the same vectors.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>A safetensors file with the vectors [V + 2, D]: padding, the vocabulary's keys, unknown.</summary>
    /// <value>Default null: vectors from the seed.</value>
    public string? WeightsPath { get; init; }

    /// <summary>The name of the vectors in the file.</summary>
    /// <value>Default "embedding.weight", as the classifier saves it.</value>
    public string WeightName { get; init; } = "embedding.weight";

    internal override string LayerName => "EmbedTokens";

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => TokenVectors.TypeOf(Width);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input)
    {
        var vocabularySize = KeyReader.Count(input);
        var layout = new[] { new WeightShape(WeightName, [vocabularySize + 2, Width]) };
        var weights = WeightsPath is null
            ? LayerWeights.Of([new WeightShape("embedding.weight", [vocabularySize + 2, Width])], "", Width, Seed, null)
            : LayerWeights.Of(layout, "", Width, Seed, WeightsPath);
        return new EmbeddingLayer(vocabularySize, Width, weights[0].Values);
    }

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(Width >= 1, nameof(Width), Width, "must be at least 1");
        errors.Require(!string.IsNullOrEmpty(WeightName), nameof(WeightName), WeightName, "must be a weight's name");
    }
}
