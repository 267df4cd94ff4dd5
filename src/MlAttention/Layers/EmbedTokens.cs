using System.Numerics.Tensors;

namespace MlAttention;

/// <summary>How keys become vectors.</summary>
public sealed record EmbedTokensOptions : SequenceLayerOptions
{
    /// <summary>The defaults: from "Tokens" to "Embeddings".</summary>
    public EmbedTokensOptions() : base(EmbeddingLayer.Component, "Embeddings", "Tokens") { }

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
    public string WeightName { get; init; } = EmbeddingLayer.WeightName;

    internal override ColumnRequirement Input => ColumnRequirement.Sequence("tokens", InputName);

    internal override DataViewType ExampleOutputType => TokenVectorColumn.TypeOf(Width);

    internal override SequenceLayer CreateLayer(DataViewSchema.Column input, int contextSeed, Action<string> log)
    {
        var vocabulary = FittedVocabulary.Of(input, Width);
        var (layout, seed) = (EmbeddingLayer.Layout(vocabulary, Width), Seed ?? contextSeed);
        var vectors = WeightsPath is { } path ? InitialWeights.Embedding(layout[0], seed, path, WeightName, vocabulary.Names, log) : WeightInitializer.Create(layout, seed)[0];
        return new EmbeddingLayer(vocabulary, Width, vectors.Values);
    }

    private protected override void Validate(OptionErrors errors)
    {
        errors.Require(Width >= 1, nameof(Width), Width, "must be at least 1");
        errors.Require(!string.IsNullOrEmpty(WeightName), nameof(WeightName), WeightName, "must be a weight's name");
    }
}

/// <summary>x_i = sqrt(D) · embedding[token_i] (Vaswani et al. 2017, section 3.4).</summary>
internal sealed class EmbeddingLayer(FittedVocabulary vocabulary, int width, float[] vectors) : SequenceLayer(Component)
{
    public const string Component = "EmbedTokens", WeightName = WeightLayout.EmbeddingName;

    public override DataViewType OutputType => TokenVectorColumn.TypeOf(width);

    /// <summary>The layer's weights: padding, the vocabulary's keys, unknown.</summary>
    public static WeightShape[] Layout(FittedVocabulary vocabulary, int width) => [WeightLayout.Embedding(vocabulary.Size + 2, width)];

    public override void CheckInput(DataViewSchema schema, string columnName) => vocabulary.Check(schema, columnName);

    public override BatchMapper CreateMapper(string inputName, int batchSize) => new Mapper(inputName, vocabulary.Size, width, vectors, batchSize);

    public override void Write(ComponentState state)
    {
        vocabulary.Write(state);
        state.Add("width", width);
        state.Add([new WeightTensor(WeightName, [vocabulary.Size + 2, width], vectors)]);
    }

    public static EmbeddingLayer Read(ComponentState state)
    {
        var vocabulary = FittedVocabulary.Read(state);
        var width = state.TakeWidth("width");
        return new EmbeddingLayer(vocabulary, width, state.TakeWeights(Layout(vocabulary, width))[0].Values);
    }

    private sealed class Mapper(string inputName, int vocabularySize, int width, float[] vectors, int batchSize)
        : SequenceBatchMapper(inputName, vocabularySize, model: null, batchSize)
    {
        private readonly float _scale = MathF.Sqrt(width);

        /// <summary>Vectors are looked up when they are fetched.</summary>
        public override void Run(int count) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
        {
            var row = slot.Fetchable();
            destination.Fill(Tokens(row).Length * width, (Mapper: this, Row: row), static (values, at) => at.Mapper.Embed(at.Row, values));
        });

        private void Embed(int row, Span<float> output)
        {
            var tokens = Tokens(row);
            for (var i = 0; i < tokens.Length; i++) TensorPrimitives.Multiply(vectors.AsSpan(tokens[i] * width, width), _scale, output[(i * width)..]);
        }
    }
}
