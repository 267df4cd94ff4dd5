using MlAttention.Core.Text;

namespace MlAttention;

/// <summary>Turns texts that are split into words already into sequences of keys, and tells with which token each word begins.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.TokenizeWords(TokenizeSequenceOptions, string)"/>, whose documentation tells the columns.</remarks>
public sealed class WordTokenizingEstimator : SequenceEstimator<WordTokenizingTransformer>
{
    private readonly TokenizeSequenceOptions _options;
    private readonly string _wordStarts;

    internal WordTokenizingEstimator(IHostEnvironment environment, TokenizeSequenceOptions options, string wordStartsColumnName)
        : base(environment, WordTokenizingTransformer.Component, [WordTokenizingTransformer.InputOf(options)])
    {
        options.Validate();
        var errors = new OptionErrors(nameof(TokenizeSequenceOptions));
        errors.Require(options.MaxLength == 0, nameof(options.MaxLength), options.MaxLength, "must be 0 for words: the classifier cuts tokens and their labels together");
        errors.Require(wordStartsColumnName.Length > 0 && wordStartsColumnName != options.OutputColumnName, nameof(wordStartsColumnName), wordStartsColumnName, "must be a name of its own");
        errors.ThrowIfAny();
        (_options, _wordStarts) = (options, wordStartsColumnName);
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        WordTokenizingTransformer.OutputColumns(_options.OutputColumnName, _wordStarts, ["?"]);

    private protected override WordTokenizingTransformer Fit(IDataView input, IChannel channel)
    {
        var vocabulary = _options.Pretrained is { } pretrained ? new Vocabulary(pretrained.Tokens)
            : _options.VocabularyPath is { } path ? VocabularyLearner.Read(path, _options) : Learn(input);
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Vocabulary: {vocabulary.Size} tokens."));
        return new WordTokenizingTransformer(Host, _options, _wordStarts, vocabulary);
    }

    private Vocabulary Learn(IDataView input)
    {
        var learner = new VocabularyLearner(_options);
        var column = WordTokenizingTransformer.InputOf(_options).Check(input.Schema);
        using var cursor = input.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> words = default;
        while (cursor.ReadNext())
        {
            getter(ref words);
            foreach (var word in words.DenseValues()) learner.Add(word.Span);
        }

        return learner.Learn();
    }
}

/// <summary>Turns words into sequences of a vocabulary's keys.</summary>
public sealed class WordTokenizingTransformer : SequenceTransformer
{
    internal const string Component = "TokenizeWords";

    private const string WordStartsName = "wordStarts", OptionsName = "options", VocabularyName = "vocabulary";
    private readonly Vocabulary _vocabulary;
    private readonly ColumnRequirement _input;
    private readonly string _wordStarts;

    internal WordTokenizingTransformer(IHost? host, TokenizeSequenceOptions options, string wordStarts, Vocabulary vocabulary)
        : base(host, maxLength: 0)
    {
        Options = options;
        _vocabulary = vocabulary;
        _wordStarts = wordStarts;
        _input = InputOf(options);
    }

    /// <summary>The tokens in the order of their keys: the token at index i has key i + 1.</summary>
    public IReadOnlyList<string> Vocabulary => _vocabulary.Tokens;

    internal TokenizeSequenceOptions Options { get; }

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => [_input.Name];

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        _input.Check(input);
        return OutputColumns(Options.OutputColumnName, _wordStarts, _vocabulary.Tokens);
    }

    internal override BatchMapper CreateMapper(int batchSize) => new Mapper(this, batchSize);

    internal override void WriteState(ComponentState state)
    {
        state.Add(OptionsName, Options with { VocabularyPath = null }, ServingJson.Default.TokenizeSequenceOptions);
        state.Add(WordStartsName, _wordStarts);
        if (Options.Pretrained is { } tokenizer) TokenizerState.Write(state, tokenizer);
        else state.Add(VocabularyName, _vocabulary.Tokens);
    }

    internal static WordTokenizingTransformer Read(ComponentState state)
    {
        var tokenizer = TokenizerState.ReadIfAny(state);
        var options = state.TakeOptions(OptionsName, ServingJson.Default.TokenizeSequenceOptions, given => (given with { Pretrained = tokenizer }).Validate()) with { Pretrained = tokenizer };
        return new(null, options, state.TakeText(WordStartsName), new Vocabulary(tokenizer?.Tokens ?? state.TakeTexts(VocabularyName)));
    }

    internal static ColumnRequirement InputOf(TokenizeSequenceOptions options) => ColumnRequirement.Words("input", options.InputColumnName ?? options.OutputColumnName);

    internal static DataViewSchema.DetachedColumn[] OutputColumns(string tokens, string wordStarts, IReadOnlyList<string> vocabulary) =>
        [SequenceTokenizingTransformer.OutputColumn(tokens, vocabulary, parts: null), new(wordStarts, new VectorDataViewType(NumberDataViewType.UInt32))];

    private sealed class Mapper(WordTokenizingTransformer transformer, int batchSize) : BatchMapper
    {
        private const int TokensOutput = 0;
        private readonly WordsTokenizer _tokenizer = new(transformer.Options, transformer._vocabulary);
        private readonly uint[][] _keys = new uint[batchSize][], _starts = new uint[batchSize][];
        private ValueGetter<VBuffer<ReadOnlyMemory<char>>> _words = null!;
        private VBuffer<ReadOnlyMemory<char>> _row;

        public override void Bind(DataViewRow input) => _words = input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(input.Schema[transformer._input.Name]);

        public override void Read(int slot)
        {
            _words(ref _row);
            _tokenizer.Tokenize([.. _row.DenseValues()]);
            (_keys[slot], _starts[slot]) = (_tokenizer.Keys.ToArray(), _tokenizer.Starts.ToArray());
        }

        /// <summary>Words are tokenised while they are read.</summary>
        public override void Run(int count) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) =>
            destination.Set<uint>((output == TokensOutput ? _keys : _starts)[slot.Fetchable()]));
    }
}
