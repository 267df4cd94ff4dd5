using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Layers;
using MlAttention.Pipeline.Schema;
using MlAttention.Validation;
using MlAttention.Weights;

namespace MlAttention.Pipeline;

/// <summary>How keys become vectors.</summary>
public sealed record EmbedTokensOptions : SequenceLayerOptions
{
    private const string DefaultWeightName = "embedding.weight";

    /// <summary>The defaults: from "Tokens" to "Embeddings".</summary>
    public EmbedTokensOptions() : base("Embeddings", "Tokens") { }

    /// <summary>Width D of a vector.</summary>
    /// <value>At least 1; default 64.</value>
    public int Width { get; init; } = 64;

    /// <summary>The seed of the vectors, when there is no file. A classifier of this seed and width starts with the same vectors.</summary>
    /// <value>Default null: drawn once from the MLContext when the estimator is made.</value>
    public int? Seed { get; init; }

    /// <summary>
    /// A safetensors file with the vectors [V + 2, D]: padding, the vocabulary's keys, unknown. A file that a classifier saved tells what
    /// its rows stand for: they are matched by the token, and tokens that it lacks have vectors from the seed.
    /// </summary>
    /// <value>Default null: vectors from the seed.</value>
    public string? WeightsPath { get; init; }

    /// <summary>The name of the vectors in the file.</summary>
    /// <value>Default "embedding.weight", as the classifier saves it.</value>
    public string WeightName { get; init; } = DefaultWeightName;

    internal override string LayerName => "EmbedTokens";

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => TokenVectors.TypeOf(Width);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        var vocabulary = FittedVocabulary.Of(input, Width);
        var vectors = LayerWeights.FromSeed([new(DefaultWeightName, [vocabulary.Size + 2, Width])], Width, Seed ?? contextSeed)[0];
        if (WeightsPath is { } path) vectors = InitialWeights.Embedding(vectors, path, WeightName, vocabulary.Names, log);
        return new EmbeddingLayer(vocabulary, Width, vectors.Values);
    }

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(Width >= 1, nameof(Width), Width, "must be at least 1");
        errors.Require(!string.IsNullOrEmpty(WeightName), nameof(WeightName), WeightName, "must be a weight's name");
    }
}
