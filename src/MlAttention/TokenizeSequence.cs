using MlAttention.Core.Text;
using MlAttention.Core.Text.Subwords;

namespace MlAttention;

/// <summary>Learns a vocabulary from texts, and turns texts into sequences of its keys.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.TokenizeSequence(TokenizeSequenceOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class SequenceTokenizingEstimator : SequenceEstimator<SequenceTokenizingTransformer>
{
    private readonly TokenizeSequenceOptions _options;
    private readonly Vocabulary? _known;
    private readonly SequenceCut? _cut;

    /// <param name="environment">The context.</param>
    /// <param name="options">How texts become sequences.</param>
    /// <param name="known">The vocabulary, where it need not be learned.</param>
    /// <param name="cut">How sequences are cut besides; null for not at all.</param>
    internal SequenceTokenizingEstimator(IHostEnvironment environment, TokenizeSequenceOptions options, Vocabulary? known = null, SequenceCut? cut = null)
        : base(environment, SequenceTokenizingTransformer.Component, SequenceTokenizingTransformer.InputsOf(options))
    {
        options.Validate();
        (_options, _known, _cut) = (options, known, cut);
    }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        SequenceTokenizingTransformer.OutputColumns(_options, ["?"], _options.InputColumnNames is null ? null : new(1, 2, 3, false));

    private protected override SequenceTokenizingTransformer Fit(IDataView input, IChannel channel)
    {
        var vocabulary = _known is not null ? _known : _options.Pretrained is { } pretrained ? new Vocabulary(pretrained.Tokens)
            : _options.VocabularyPath is { } path ? VocabularyLearner.Read(path, _options) : Learn(input, channel);
        string parts = _options.InitialVocabulary is { } initial ? string.Create(CultureInfo.InvariantCulture, $", {initial.Count} of the initial vocabulary and {vocabulary.Size - initial.Count} new") : "";
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Vocabulary: {vocabulary.Size} tokens{parts}."));
        return new SequenceTokenizingTransformer(Host, _options with { InitialVocabulary = null }, vocabulary, _cut);
    }

    private Vocabulary Learn(IDataView input, IChannel channel)
    {
        var learner = new VocabularyLearner(_options);
        DataViewSchema.Column[] columns = [.. SequenceTokenizingTransformer.InputsOf(_options).Select(column => column.Check(input.Schema))];
        using var cursor = input.GetRowCursor(columns);
        var getters = Array.ConvertAll(columns, cursor.GetGetter<ReadOnlyMemory<char>>);
        ReadOnlyMemory<char> text = default;
        while (cursor.ReadNext())
        {
            foreach (var getter in getters)
            {
                getter(ref text);
                learner.Add(text.Span);
            }
        }

        var vocabulary = learner.Learn();
        if (learner.LeftOut > 0) channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture,
            $"Vocabulary: {learner.LeftOut} new tokens of the data have no place beside the initial vocabulary, because MaxSize = {_options.MaxSize}; they are unknown tokens."));
        return vocabulary;
    }
}

/// <summary>Turns texts into sequences of a vocabulary's keys.</summary>
public sealed class SequenceTokenizingTransformer : SequenceTransformer
{
    internal const string Component = "TokenizeSequence";

    private readonly Vocabulary _vocabulary;
    private readonly ColumnRequirement[] _inputs;
    private readonly DataViewSchema.DetachedColumn[] _outputs;
    private readonly SequenceCut? _cut;

    internal SequenceTokenizingTransformer(IHost? host, TokenizeSequenceOptions options, Vocabulary vocabulary, SequenceCut? cut = null)
        : base(host, cut is { } given && (options.MaxLength == 0 || given.MaxTokens < options.MaxLength) ? given.MaxTokens : options.MaxLength)
    {
        Options = options;
        (_vocabulary, _cut) = (vocabulary, cut);
        _inputs = InputsOf(options);
        _outputs = OutputColumns(options, vocabulary.Tokens, TextParts.Of(options, vocabulary));
    }

    /// <summary>The tokens in the order of their keys: the token at index i has key i + 1.</summary>
    public IReadOnlyList<string> Vocabulary => _vocabulary.Tokens;

    /// <summary>
    /// The options of a tokenizer that goes on from this one: it cuts texts in the same way, keeps these tokens, and adds those of its own
    /// data that are new. That of a pretrained encoder has its fixed vocabulary again.
    /// </summary>
    public TokenizeSequenceOptions ContinueOptions() => Options.ContinuedFrom(Vocabulary);

    /// <summary>How texts become sequences.</summary>
    internal TokenizeSequenceOptions Options { get; }

    /// <summary>The tokens of a text, whose keys are those of its row.</summary>
    internal SpelledToken[] Spell(IReadOnlyList<string> parts) => new SequenceTokenizer(Options, _vocabulary).Spell(parts);

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => Options.Inputs;

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        foreach (var column in _inputs) column.Check(input);
        return _outputs;
    }

    internal override BatchMapper CreateMapper(int batchSize) => new Mapper(this, batchSize);

    internal override void WriteState(ComponentState state)
    {
        state.Add("options", Options with { VocabularyPath = null }, ServingJson.Default.TokenizeSequenceOptions);
        if (_cut is { } cut) OnnxInputs.Write(state, cut);
        if (Options.Pretrained is { } tokenizer) TokenizerState.Write(state, tokenizer);
        else state.Add("vocabulary", _vocabulary.Tokens);
    }

    internal static SequenceTokenizingTransformer Read(ComponentState state)
    {
        var tokenizer = TokenizerState.ReadIfAny(state);
        var options = state.TakeOptions("options", ServingJson.Default.TokenizeSequenceOptions, given => (given with { Pretrained = tokenizer }).Validate()) with { Pretrained = tokenizer };
        return new(null, options, new Vocabulary(tokenizer?.Tokens ?? state.TakeTexts("vocabulary")), OnnxInputs.ReadCut(state));
    }

    internal static ColumnRequirement[] InputsOf(TokenizeSequenceOptions options) => [.. options.Inputs.Select(name => ColumnRequirement.Text("input", name))];

    internal static DataViewSchema.DetachedColumn[] OutputColumns(TokenizeSequenceOptions options, IReadOnlyList<string> vocabulary, TextParts? parts) =>
        options.Columns == TokenColumns.OnnxInputs ? OnnxInputs.Columns() : [OutputColumn(options.OutputColumnName, vocabulary, parts)];

    internal static DataViewSchema.DetachedColumn OutputColumn(string name, IReadOnlyList<string> vocabulary, TextParts? parts = null)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddTexts(AnnotationKinds.KeyValues, vocabulary);
        if (parts is not null) annotations.AddParts(parts);
        return new DataViewSchema.DetachedColumn(name, new VectorDataViewType(new KeyDataViewType(typeof(uint), vocabulary.Count)), annotations.ToAnnotations());
    }

    private sealed class Mapper(SequenceTokenizingTransformer transformer, int batchSize) : BatchMapper
    {
        private readonly SequenceTokenizer _tokenizer = new(transformer.Options, transformer._vocabulary);
        private readonly uint[][] _keys = new uint[batchSize][];
        private readonly int[] _lengths = new int[batchSize];
        private readonly int[] _cut = new int[batchSize];
        private ValueGetter<ReadOnlyMemory<char>>[] _texts = [];

        public override void Bind(DataViewRow input) => _texts = Array.ConvertAll(transformer._inputs, column => input.GetGetter<ReadOnlyMemory<char>>(input.Schema[column.Name]));

        public override void Read(int slot)
        {
            var cutBefore = _tokenizer.TruncatedTokens;
            var keys = Tokenize();
            _cut[slot] = (int)(_tokenizer.TruncatedTokens - cutBefore);
            if (_keys[slot] is null || _keys[slot].Length < keys.Length) _keys[slot] = new uint[Math.Max(16, keys.Length)];
            _lengths[slot] = transformer._cut is { } cut ? cut.Copy(keys, _keys[slot], (uint)(cut.SeparatorKey ?? 0)) : keys.Length;
            if (transformer._cut is null) keys.CopyTo(_keys[slot]);
            _cut[slot] += keys.Length - _lengths[slot];
        }

        private ReadOnlySpan<uint> Tokenize()
        {
            ReadOnlyMemory<char> text = default;
            if (_texts is [var only])
            {
                only(ref text);
                return _tokenizer.Tokenize(text.Span);
            }
            _tokenizer.Begin();
            foreach (var part in _texts)
            {
                part(ref text);
                _tokenizer.Add(text.Span);
            }
            return _tokenizer.End();
        }

        /// <summary>Texts are tokenised while they are read: that costs no more than copying them.</summary>
        public override void Run(int count) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => transformer.Options.Columns == TokenColumns.OnnxInputs ? OnnxInputs.Getter(output, transformer._vocabulary.Size, () => Keys(slot)) : (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) =>
        {
            destination.Set(Keys(slot));
        });

        private ReadOnlySpan<uint> Keys(BatchSlot slot)
        {
            var row = slot.Fetchable();
            return _keys[row].AsSpan(0, _lengths[row]);
        }

        public override int CutTokens(int slot) => _cut[slot];
    }
}
