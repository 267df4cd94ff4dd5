using System.Runtime.InteropServices;

namespace MlAttention.Cli.Input;

/// <summary>Texts with the model's probabilities, one row after another, and what the model sees of each text.</summary>
internal sealed class ScoredTexts : IDisposable
{
    private readonly AttentionClassifierModel _model;
    private readonly DataViewRowCursor _cursor;
    private readonly ValueGetter<ReadOnlyMemory<char>> _getText;
    private readonly ValueGetter<ReadOnlyMemory<char>>[] _getFields;
    private readonly ValueGetter<VBuffer<uint>> _getTokens;
    private readonly ValueGetter<VBuffer<float>> _getScores;
    private readonly ValueGetter<uint> _getLabel;
    private readonly int _around;
    private readonly uint _unknown;
    private readonly uint[] _read;
    private VBuffer<uint> _tokens;
    private VBuffer<float> _scores;

    private ScoredTexts(AttentionClassifierTransformer classifier, TokenizeSequenceOptions? tokenizer, IDataView scored, string[] fields)
    {
        _model = classifier.Model;
        if (tokenizer is { Pretrained: not null } or { PartCount: > 1 }) (_around, _unknown) = (tokenizer.SpecialCount, (uint)((tokenizer.Pretrained?.UnknownId ?? -1) + 1));
        _read = new uint[_model.Architecture.MaxTextTokens];
        Counts = new(_read.Length - _around);
        Labels = LabelsOf(classifier);
        DataViewSchema.Column[] others = [.. fields.Select(field => scored.Schema[field])];
        DataViewSchema.Column text = scored.Schema["Text"], tokens = scored.Schema[classifier.FeatureColumnName], scores = scored.Schema["Score"], label = scored.Schema["Label"];
        _cursor = scored.GetRowCursor([text, tokens, scores, label, .. others]);
        _getText = _cursor.GetGetter<ReadOnlyMemory<char>>(text);
        _getFields = [.. others.Select(_cursor.GetGetter<ReadOnlyMemory<char>>)];
        _getTokens = _cursor.GetGetter<VBuffer<uint>>(tokens);
        _getScores = _cursor.GetGetter<VBuffer<float>>(scores);
        _getLabel = _cursor.GetGetter<uint>(label);
    }

    /// <summary>Opens a pass over rows.</summary>
    /// <param name="rows">The rows, with the column Text.</param>
    /// <param name="labelled">Whether they have the column Label.</param>
    /// <param name="fields">Further columns of texts.</param>
    public static ScoredTexts Open(MLContext context, ITransformer model, IDataView rows, bool labelled, IReadOnlyList<string> fields)
    {
        // Under names of their own, since the model's columns hide those of the same name.
        string[] names = [.. fields.Select((_, index) => FormattableString.Invariant($"field {index}"))];
        for (int field = 0; field < names.Length; field++) rows = context.Transforms.CopyColumns(names[field], fields[field]).Fit(rows).Transform(rows);
        return new(SavedModel.ClassifierOf(model), SavedModel.TokenizerStepOf(model)?.Options, labelled ? model.Transform(rows) : SavedModel.Score(context, model, rows), names);
    }

    /// <summary>The labels of a model, in the order of its probabilities.</summary>
    /// <exception cref="InputException">The model has none.</exception>
    public static IReadOnlyList<string> LabelsOf(AttentionClassifierTransformer classifier) => classifier.Model.Labels?.Formatted ?? throw new InputException("The model does not know what its classes are called.");

    /// <summary>The model's labels, in the order of the probabilities.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The rows read so far.</summary>
    public TextCounts Counts { get; }

    /// <summary>The row's text.</summary>
    public string Text => Fetch(_getText);

    /// <summary>The row's label as the model numbers it, from 1; 0 when it has none or one that the model does not know.</summary>
    public int LabelKey
    {
        get
        {
            uint key = 0;
            _getLabel(ref key);
            return (int)key;
        }
    }

    /// <summary>The probability of each label.</summary>
    public ReadOnlySpan<float> Probabilities => _scores.GetValues();

    /// <summary>What the model sees of the row's text.</summary>
    public TextTokens Tokens { get; private set; }

    /// <summary>One of the further columns.</summary>
    public string Field(int index) => Fetch(_getFields[index]);

    /// <summary>Goes to the next row, or tells that there is none.</summary>
    public bool Read()
    {
        if (!_cursor.ReadNext()) return false;
        _getTokens(ref _tokens);
        _getScores(ref _scores);
        ReadOnlySpan<uint> all = _tokens.IsDense ? _tokens.GetValues() : _tokens.DenseValues().ToArray();
        var read = _read.AsSpan(0, _model.Architecture.Cut.Copy(MemoryMarshal.Cast<uint, int>(all), MemoryMarshal.Cast<uint, int>(_read.AsSpan())));
        int unknown = read.Count(0u) + (_unknown == 0 ? 0 : read.Count(_unknown));
        Tokens = new(Math.Max(0, all.Length - _around), Math.Max(0, read.Length - _around), Math.Max(0, read.Length - _around) - unknown);
        Counts.Add(Tokens);
        return true;
    }

    public void Dispose() => _cursor.Dispose();

    private static string Fetch(ValueGetter<ReadOnlyMemory<char>> getter)
    {
        ReadOnlyMemory<char> text = default;
        getter(ref text);
        return text.ToString();
    }
}

/// <summary>What a model sees of a text, without what a pretrained tokenizer puts around every text.</summary>
/// <param name="All">The text's tokens.</param>
/// <param name="Read">Those that the model reads: up to its longest length.</param>
/// <param name="Known">Those of them that the model knows.</param>
internal readonly record struct TextTokens(int All, int Read, int Known)
{
    /// <summary>Whether the text is longer than the model reads.</summary>
    public bool IsCut => Read < All;

    /// <summary>Whether there is no word in it.</summary>
    public bool IsEmpty => All == 0;

    /// <summary>Whether there are words, of which the model knows none.</summary>
    public bool IsUnknown => Read > 0 && Known == 0;
}

/// <summary>What a model saw of many texts, counted.</summary>
/// <param name="longest">The tokens of a text that the model reads, at most.</param>
internal sealed class TextCounts(int longest)
{
    private const double ManyUnknown = 0.2; // a share of all tokens

    /// <summary>The texts.</summary>
    public long Texts { get; private set; }

    /// <summary>Texts that were cut to the model's longest length.</summary>
    public long Cut { get; private set; }

    /// <summary>Texts without a word.</summary>
    public long Empty { get; private set; }

    /// <summary>Texts with words of which the model knows none.</summary>
    public long Unknown { get; private set; }

    /// <summary>Tokens that the model read.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens among them that it does not know.</summary>
    public long UnknownTokens { get; private set; }

    /// <summary>Counts a text.</summary>
    public void Add(TextTokens text)
    {
        Texts++;
        if (text.IsCut) Cut++;
        if (text.IsEmpty) Empty++;
        if (text.IsUnknown) Unknown++;
        Tokens += text.Read;
        UnknownTokens += text.Read - text.Known;
    }

    /// <summary>What a user should know before trusting the predictions; nothing when all is well.</summary>
    public IEnumerable<string> Warnings()
    {
        if (Cut > 0) yield return $"{Of(Cut)} longer than the {ReportText.Counted(longest, "token")} that the model reads, and cut. Train with a larger --max-length to read them whole.";
        if (Empty > 0) yield return $"{Of(Empty)} empty: what is predicted for no words says nothing.";
        if (Unknown > 0) yield return $"{Of(Unknown)} without any word that the model knows: what is predicted for them says little.";
        if (Empty + Unknown < Texts && UnknownTokens >= ManyUnknown * Tokens) yield return $"{ReportText.Percent((double)UnknownTokens / Tokens)} of the tokens are unknown to the model. Do the texts resemble those that it was trained on?";
    }

    private string Of(long count) => $"{ReportText.Count(count)} of {ReportText.Counted(Texts, "text")} {(count == 1 ? "is" : "are")}";
}
