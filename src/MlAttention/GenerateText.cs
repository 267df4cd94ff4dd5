using MlAttention.Core.Training;
using MlAttention.Generation;

namespace MlAttention;

/// <summary>Trains a causal model on texts: to say, after each token, which one comes next.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.TextGenerator(TextGeneratorOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class TextGeneratorEstimator : TrainingEstimator<TextGeneratorTransformer>
{
    private readonly TextGeneratorOptions _options;
    private readonly LineReader _reader;

    internal TextGeneratorEstimator(IHostEnvironment environment, TextGeneratorOptions options)
        : base(environment, TextGeneratorTransformer.Component, [new LineReader(options).Column])
    {
        options.Validate();
        (_options, _reader) = (options, new LineReader(options));
        TextGenerator.RequireCovered(new(options, 3, 1));
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) => TextGeneratorColumns.Of(_options).Outputs;

    private protected override TextGeneratorTransformer Fit(IDataView trainData, IDataView? validationData, TrainingFit fit)
    {
        var vocabulary = _reader.Learn(trainData);
        fit.Log(string.Create(CultureInfo.InvariantCulture, $"Vocabulary: {vocabulary.Size} tokens, those that begin and end a text among them."));
        var dataset = Read(trainData);
        var validation = validationData is null ? null : Read(validationData);
        var training = fit.Seeded(_options.Training);
        var architecture = _options.AsArchitecture();
        var trainer = new SequenceTrainer(architecture, training, SequenceEngines.Factory, fit.Log, fit.ThrowIfCancelled)
        {
            Warn = fit.Warn,
            Names = new RowNames(vocabulary.Tokens, null),
        };
        var trained = trainer.Train(dataset, validation);
        var parts = new TextGeneratorParts { Tokenizer = _options.Tokenizer with { VocabularyPath = null, InitialVocabulary = null }, Vocabulary = vocabulary.Tokens, Architecture = architecture, Weights = trained.Weights };
        return new TextGeneratorTransformer(Host, TextGeneratorColumns.Of(_options), new TextGenerator(parts)) { Training = trained };

        TokenDataset Read(IDataView data)
        {
            var rows = _reader.Read(data, vocabulary);
            if (rows.SkippedRows > 0) fit.Warn(string.Create(CultureInfo.InvariantCulture, $"{rows.SkippedRows} texts have no token and were left out."));
            return rows;
        }
    }
}

/// <summary>A trained text generator: adds how probable each text is, and writes new ones.</summary>
public sealed class TextGeneratorTransformer : SequenceTransformer
{
    internal const string Component = "TextGenerator";

    private readonly TextGeneratorColumns _columns;

    internal TextGeneratorTransformer(IHost? host, TextGeneratorColumns columns, TextGenerator generator) : base(host, generator.MaxLength) =>
        (_columns, Generator) = (columns, generator);

    /// <summary>What writes texts, also outside a pipeline.</summary>
    public TextGenerator Generator { get; }

    /// <summary>The learning curve, one entry an epoch; empty for a generator that was loaded.</summary>
    public IReadOnlyList<EpochMetrics> History => Training?.History ?? [];

    /// <summary>Why training ended; null for a generator that was loaded.</summary>
    public TrainingStopReason? StopReason => Training?.StopReason;

    /// <summary>How training went; null for a generator that was loaded.</summary>
    internal TrainedSequenceModel? Training { get; init; }

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => [_columns.Text];

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        ColumnRequirement.Text("text", _columns.Text).Check(input);
        return _columns.Outputs;
    }

    internal override BatchMapper CreateMapper(int batchSize) => new Mapper(Generator, _columns.Text, batchSize);

    internal override void WriteState(ComponentState state)
    {
        var parts = Generator.Parts;
        state.Add("text", _columns.Text);
        state.Add("logLikelihood", _columns.LogLikelihood);
        state.Add("perplexity", _columns.Perplexity);
        state.Add("tokenizer", parts.Tokenizer, ServingJson.Default.TokenizeSequenceOptions);
        state.Add("architecture", parts.Architecture, ServingJson.Default.SequenceModelOptions);
        state.Add("vocabulary", parts.Vocabulary);
        state.Add(parts.Weights);
    }

    internal static TextGeneratorTransformer Read(ComponentState state)
    {
        var columns = new TextGeneratorColumns(state.TakeText("text"), state.TakeText("logLikelihood"), state.TakeText("perplexity"));
        var parts = new TextGeneratorParts
        {
            Tokenizer = state.TakeOptions("tokenizer", ServingJson.Default.TokenizeSequenceOptions, options => options.Validate()),
            Architecture = state.TakeOptions("architecture", ServingJson.Default.SequenceModelOptions, ModelState.Validate),
            Vocabulary = state.TakeTexts("vocabulary"),
            Weights = [],
        };
        parts.Validate();
        var (model, rows, classes) = parts.Configuration;
        return new TextGeneratorTransformer(null, columns, new TextGenerator(parts with { Weights = state.TakeWeights(WeightLayout.Of(model, rows, classes)) }));
    }

    /// <summary>Scores texts while they are read: one costs its tokens, whatever the others cost.</summary>
    private sealed class Mapper(TextGenerator generator, string textName, int batchSize) : BatchMapper
    {
        private readonly TextLikelihood[] _likelihoods = new TextLikelihood[batchSize];
        private ValueGetter<ReadOnlyMemory<char>> _text = null!;

        public override void Bind(DataViewRow input) => _text = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[textName]);

        public override void Read(int slot)
        {
            ReadOnlyMemory<char> text = default;
            _text(ref text);
            _likelihoods[slot] = generator.Score(text.Span);
        }

        public override void Run(int count) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => output == TextGeneratorColumns.LogLikelihoodOutput
            ? (ValueGetter<float>)((ref float destination) => destination = (float)_likelihoods[slot.Fetchable()].LogLikelihood)
            : (ValueGetter<float>)((ref float destination) => destination = (float)_likelihoods[slot.Fetchable()].Perplexity);

        public override int CutTokens(int slot) => _likelihoods[slot].CutTokens;
    }
}

/// <summary>The columns of a text generator.</summary>
internal sealed record TextGeneratorColumns(string Text, string LogLikelihood, string Perplexity)
{
    public const int LogLikelihoodOutput = 0;

    public static TextGeneratorColumns Of(TextGeneratorOptions options) => new(options.TextColumnName, options.LogLikelihoodColumnName, options.PerplexityColumnName);

    public DataViewSchema.DetachedColumn[] Outputs => [new(LogLikelihood, NumberDataViewType.Single), new(Perplexity, NumberDataViewType.Single)];
}
