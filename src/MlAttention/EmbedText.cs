namespace MlAttention;

/// <summary>Turns texts into vectors with a pretrained encoder.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.EmbedText"/>, whose documentation tells the columns.</remarks>
public sealed class TextEmbeddingEstimator : SequenceEstimator<TextEmbeddingTransformer>
{
    private readonly TextEmbeddingColumns _columns;
    private readonly TextEmbedder _embedder;
    private readonly IReadOnlyList<WeightTensor> _weights;

    internal TextEmbeddingEstimator(IHostEnvironment environment, string outputName, string inputName, TextEmbedder embedder, IReadOnlyList<WeightTensor> weights)
        : base(environment, TextEmbeddingTransformer.Component, [new TextEmbeddingColumns(inputName, outputName).Input])
    {
        _columns = new(inputName, outputName);
        _embedder = embedder;
        _weights = weights;
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) => [_columns.Output(_embedder.Dimension)];

    private protected override TextEmbeddingTransformer Fit(IDataView input, IChannel channel) => new(Host, _columns, _embedder, _weights);
}

/// <summary>Turns texts into vectors with a pretrained encoder.</summary>
public sealed class TextEmbeddingTransformer : SequenceTransformer
{
    internal const string Component = "EmbedText";

    private readonly TextEmbeddingColumns _columns;
    private readonly TextEmbedder _embedder;
    private readonly IReadOnlyList<WeightTensor> _weights;

    internal TextEmbeddingTransformer(IHost? host, TextEmbeddingColumns columns, TextEmbedder embedder, IReadOnlyList<WeightTensor> weights)
        : base(host, embedder.MaxLength)
    {
        _columns = columns;
        _embedder = embedder;
        _weights = weights;
    }

    /// <summary>What turns a text into a vector, the same to the bit, for use outside a pipeline.</summary>
    public TextEmbedder Embedder => _embedder;

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => [_columns.InputName];

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        _columns.Input.Check(input);
        return [_columns.Output(_embedder.Dimension)];
    }

    internal override BatchMapper CreateMapper(int batchSize) => new Mapper(_embedder, _columns.InputName, batchSize);

    internal override void WriteState(ComponentState state)
    {
        var parts = _embedder.Parts;
        state.Add("input", _columns.InputName);
        state.Add("output", _columns.OutputName);
        state.Add("name", parts.Name);
        state.Add("normalizes", parts.Normalizes ? 1 : 0);
        state.Add("architecture", parts.Architecture, ServingJson.Default.SequenceModelOptions);
        state.Add(_weights);
        TokenizerState.Write(state, parts.Tokenizer);
    }

    internal static TextEmbeddingTransformer Read(ComponentState state)
    {
        var columns = new TextEmbeddingColumns(state.TakeText("input"), state.TakeText("output"));
        var architecture = state.TakeOptions("architecture", ServingJson.Default.SequenceModelOptions, ModelState.Validate);
        var tokenizer = TokenizerState.Read(state);
        var parts = new TextEmbedderParts
        {
            Name = state.TakeText("name"),
            Normalizes = state.TakeInt32("normalizes") != 0,
            Architecture = architecture,
            Tokenizer = tokenizer,
            Weights = state.TakeWeights(WeightLayout.Of(architecture, TokenIds.EmbeddingRows(tokenizer.VocabularySize, architecture), classes: 0)),
        };
        return new TextEmbeddingTransformer(null, columns, new TextEmbedder(parts), parts.Weights);
    }

    private sealed class Mapper(TextEmbedder embedder, string inputName, int batchSize) : BatchMapper
    {
        private readonly EmbeddingBatch _batch = embedder.NewBatch(batchSize);
        private readonly float[] _vectors = new float[batchSize * embedder.Dimension];
        private readonly int[] _cut = new int[batchSize];
        private ValueGetter<ReadOnlyMemory<char>> _text = null!;

        public override void Bind(DataViewRow input) => _text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[inputName]);

        /// <summary>Texts are tokenised while they are read: that costs no more than copying them.</summary>
        public override void Read(int slot)
        {
            ReadOnlyMemory<char> text = default;
            _text(ref text);
            _cut[slot] = _batch.Texts.Set(slot, text.Span);
        }

        public override void Run(int count) => _batch.Run(count, _vectors.AsSpan(0, count * embedder.Dimension));

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
            destination.Set<float>(_vectors.AsSpan(slot.Fetchable() * embedder.Dimension, embedder.Dimension)));

        public override int CutTokens(int slot) => _cut[slot];
    }
}

/// <summary>The columns of an embedding.</summary>
internal sealed record TextEmbeddingColumns(string InputName, string OutputName)
{
    public ColumnRequirement Input => ColumnRequirement.Text("input", InputName);

    public DataViewSchema.DetachedColumn Output(int dimension) => new(OutputName, new VectorDataViewType(NumberDataViewType.Single, dimension));
}
