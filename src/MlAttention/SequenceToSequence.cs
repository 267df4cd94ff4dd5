using MlAttention.Core.Training;
using MlAttention.Torch.Engine;
using MlAttention.Translation;

namespace MlAttention;

/// <summary>Trains an encoder-decoder: from pairs of texts to a model that writes a text for each text.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.SequenceToSequence(SequenceToSequenceOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class SequenceToSequenceEstimator : TrainingEstimator<SequenceToSequenceTransformer>
{
    private readonly SequenceToSequenceOptions _options;

    internal SequenceToSequenceEstimator(IHostEnvironment environment, SequenceToSequenceOptions options)
        : base(environment, SequenceToSequenceTransformer.Component, [ColumnRequirement.Text("source", options.SourceColumnName), ColumnRequirement.Text("target", options.TargetColumnName)])
    {
        options.Validate();
        _options = options;
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) => [SequenceToSequenceTransformer.OutputColumn(_options.OutputColumnName)];

    private protected override SequenceToSequenceTransformer Fit(IDataView trainData, IDataView? validationData, TrainingFit fit)
    {
        LibTorch.Require(SequenceToSequenceTransformer.Component);
        var (source, target) = (PairReader.Learn(trainData, _options.SourceTokens), PairReader.Learn(trainData, _options.TargetTokens));
        var (encoder, decoder) = (_options.Encoder.AsArchitecture(), _options.DecoderOrDefault.AsArchitecture());
        var tokens = new PairTokens(source.Vocabulary.Size, target.Vocabulary.Size + 1);
        fit.Log(string.Create(CultureInfo.InvariantCulture, $"Vocabularies: {source.Vocabulary.Size} tokens of the source, {target.Vocabulary.Size} of the target."));
        var trainer = new SequenceTrainer(PairTokens.Joint(encoder, decoder), fit.Seeded(_options.Training), SequenceEngines.Factory, fit.Log, fit.ThrowIfCancelled)
        {
            Warn = fit.Warn,
            CreateEngine = configuration => new TorchSharpEngine(configuration, device => PairModel.Create(encoder, decoder, tokens, device)),
        };
        var trained = trainer.Train(Read(trainData), validationData is null ? null : Read(validationData));
        var model = new SequenceToSequenceModel(source, target, encoder, decoder, trained.Weights) { Training = trained };
        return new SequenceToSequenceTransformer(Host, new(_options.SourceColumnName, _options.OutputColumnName, _options.Decoding), model);

        TokenDataset Read(IDataView data) => PairReader.Read(data, source, target, new PairDatasetBuilder(tokens, encoder, decoder));
    }
}

/// <summary>A trained encoder-decoder: adds the text that it writes for each source.</summary>
public sealed class SequenceToSequenceTransformer : SequenceTransformer
{
    internal const string Component = "SequenceToSequence";

    private readonly WritingSettings _settings;

    internal SequenceToSequenceTransformer(IHost? host, WritingSettings settings, SequenceToSequenceModel model)
        : base(host, model.Encoder.MaxLength)
    {
        _settings = settings;
        Model = model;
    }

    /// <summary>The trained model.</summary>
    public SequenceToSequenceModel Model { get; }

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => [_settings.Source];

    /// <summary>The same model that searches in another way.</summary>
    /// <param name="decoding">How targets are searched for; the two transformers share their weights.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the greatest length is more than the decoder has room for.</exception>
    public SequenceToSequenceTransformer WithDecoding(BeamSearchOptions decoding)
    {
        ArgumentNullException.ThrowIfNull(decoding);
        Model.RequireRoom(decoding);
        return new(Truncation.Host, _settings with { Decoding = decoding }, Model);
    }

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        ColumnRequirement.Text("source", _settings.Source).Check(input);
        return [OutputColumn(_settings.Output)];
    }

    internal static DataViewSchema.DetachedColumn OutputColumn(string name) => new(name, TextDataViewType.Instance);

    internal override BatchMapper CreateMapper(int batchSize) => new Mapper(Model, _settings, batchSize);

    internal override void WriteState(ComponentState state)
    {
        _settings.Write(state);
        Model.Write(state);
    }

    internal static SequenceToSequenceTransformer Read(ComponentState state)
    {
        var settings = WritingSettings.Read(state);
        var model = SequenceToSequenceModel.Read(state);
        model.RequireRoom(settings.Decoding);
        return new(null, settings, model);
    }

    private sealed class Mapper(SequenceToSequenceModel model, WritingSettings settings, int batchSize) : BatchMapper
    {
        private readonly SourceReader _reader = new(model);
        private readonly int[][] _sources = new int[batchSize][];
        private readonly int[] _cut = new int[batchSize];
        private readonly string[] _texts = new string[batchSize];
        private ValueGetter<ReadOnlyMemory<char>> _text = null!;

        public override void Bind(DataViewRow input) => _text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[settings.Source]);

        public override void Read(int slot)
        {
            ReadOnlyMemory<char> text = default;
            _text(ref text);
            (_sources[slot], _cut[slot]) = _reader.Read(text.Span);
        }

        public override void Run(int count)
        {
            var found = model.Write(new ArraySegment<int[]>(_sources, 0, count), settings.Decoding);
            for (var row = 0; row < count; row++) _texts[row] = found[row][0].Text;
        }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> destination) => destination = _texts[slot.Fetchable()].AsMemory());

        public override int CutTokens(int slot) => _cut[slot];
    }
}
