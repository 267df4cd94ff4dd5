using System.Text.Json.Serialization;

namespace MlAttention;

/// <summary>How a text becomes a sequence of keys.</summary>
public sealed record TokenizeSequenceOptions
{
    /// <summary>The column with the sequence.</summary>
    /// <value>Default "Tokens".</value>
    public string OutputColumnName { get; init; } = "Tokens";

    /// <summary>The column with the text, or null for the one named as the output.</summary>
    /// <value>Default "Text".</value>
    public string? InputColumnName { get; init; } = "Text";

    /// <summary>
    /// Columns whose texts are the parts of one sequence, such as a question and its answer, in place of <see cref="InputColumnName"/>: a
    /// separator stands between two of them, and a pretrained tokenizer puts there what its family wants for a pair ([CLS] a [SEP] b [SEP],
    /// or &lt;s&gt; a &lt;/s&gt;&lt;/s&gt; b &lt;/s&gt;).
    /// </summary>
    /// <value>2 or more different columns' names, or null for one text; default null.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? InputColumnNames { get; init; }

    /// <summary>
    /// The token that stands between the parts of <see cref="InputColumnNames"/>; a pretrained tokenizer has its own. One that is written out in
    /// a text is unknown there, and ends no part.
    /// </summary>
    /// <value>Default null: "[SEP]".</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? SeparatorToken { get; init; }

    /// <summary>The columns that a text's tokens become.</summary>
    /// <value>Default <see cref="TokenColumns.Keys"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TokenColumns Columns { get; init; }

    /// <summary>What a token is.</summary>
    /// <value>Default <see cref="TokenizerKind.Word"/>.</value>
    public TokenizerKind Tokenizer { get; init; } = TokenizerKind.Word;

    /// <summary>
    /// The tokenizer of a pretrained encoder, which the kind <see cref="TokenizerKind.Pretrained"/> needs. It brings its own vocabulary
    /// and rules, so the options that shape or learn a vocabulary keep their defaults beside it.
    /// </summary>
    /// <value>Default null: none.</value>
    [JsonIgnore]
    public PretrainedTokenizer? Pretrained { get; init; }

    /// <summary>Whether upper case becomes lower case (by the invariant culture).</summary>
    /// <value>Default true.</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>The Unicode form in which texts are compared.</summary>
    /// <value>Default <see cref="UnicodeForm.Composed"/>.</value>
    public UnicodeForm UnicodeForm { get; init; } = UnicodeForm.Composed;

    /// <summary>Whether punctuation marks and other symbols are tokens; the character tokenizer always keeps them.</summary>
    /// <value>Default true.</value>
    public bool KeepPunctuation { get; init; } = true;

    /// <summary>Largest vocabulary; the most frequent tokens are kept.</summary>
    /// <value>At least 1 token, the unknown and the CLS token included; default 30,000.</value>
    public int MaxSize { get; init; } = 30_000;

    /// <summary>How often a token must occur in the training data to get a key.</summary>
    /// <value>At least 1; default 1.</value>
    public int MinCount { get; init; } = 1;

    /// <summary>
    /// A token that stands for all tokens without a key, such as "[UNK]". Null gives them key 0, ML.NET's missing value, which the
    /// classifier treats as an unknown token of its own.
    /// </summary>
    /// <value>Default null.</value>
    public string? UnknownToken { get; init; }

    /// <summary>
    /// A token put before every sequence, such as "[CLS]", for layers that pool its vector. The classifier with CLS pooling adds one
    /// itself and needs none here.
    /// </summary>
    /// <value>Default null: none.</value>
    public string? ClsToken { get; init; }

    /// <summary>
    /// Longest sequence, the CLS token or a pretrained tokenizer's special tokens included, which stay; what is longer is cut, counted and
    /// logged. Of several texts the longest is cut first.
    /// </summary>
    /// <value>0 for no limit, or at least 1 token of each text beside the CLS token, the separators and the special tokens of a pretrained tokenizer; default 0.</value>
    public int MaxLength { get; init; }

    /// <summary>Which end of a sequence longer than <see cref="MaxLength"/> is kept.</summary>
    /// <value>Default <see cref="TruncationSide.KeepStart"/>.</value>
    public TruncationSide Truncation { get; init; } = TruncationSide.KeepStart;

    /// <summary>
    /// A UTF-8 file with the vocabulary, one token a line in the order of the keys, instead of one learned from the data. For byte
    /// pairs the order is the order of merging, and '▁' (U+2581) marks the start of a word. The unknown and the CLS token are added
    /// before it unless it has them.
    /// </summary>
    /// <value>Default null: learn it from the data.</value>
    public string? VocabularyPath { get; init; }

    /// <summary>
    /// A vocabulary to go on from: its tokens keep their order and come first, and of the data's tokens those that it lacks come after them.
    /// So a classifier that is trained on with new words keeps the old ones. Byte pairs keep theirs as they are, so that known words are cut
    /// as before; only new characters are added. A fitted tokenizer gives it with its other options: see ContinueOptions of SequenceTokenizingTransformer.
    /// </summary>
    /// <value>At most <see cref="MaxSize"/> tokens, each once; new ones take the places that are left, and the log says how many found none. Default null: none.</value>
    [JsonIgnore]
    public IReadOnlyList<string>? InitialVocabulary { get; init; }

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(TokenizeSequenceOptions));
        errors.Require(!string.IsNullOrEmpty(OutputColumnName), nameof(OutputColumnName), OutputColumnName, "must be a column's name");
        errors.Require(InputColumnName is not "", nameof(InputColumnName), InputColumnName, "must be a column's name or null");
        ValidateParts(errors);
        errors.Require(Enum.IsDefined(Columns), nameof(Columns), Columns, "are no columns");
        errors.Require(Enum.IsDefined(Tokenizer), nameof(Tokenizer), Tokenizer, "is not a tokenizer");
        errors.Require(Enum.IsDefined(UnicodeForm), nameof(UnicodeForm), UnicodeForm, "is not a form");
        errors.Require(Enum.IsDefined(Truncation), nameof(Truncation), Truncation, "is not a side");
        errors.Require(MaxSize > SpecialTokens.Count(), nameof(MaxSize), MaxSize, $"must be more than the {SpecialTokens.Count()} special token(s)");
        errors.Require(MinCount >= 1, nameof(MinCount), MinCount, "must be at least 1");
        errors.Require(InitialVocabulary is not { } initial || initial.Count <= MaxSize, nameof(MaxSize), MaxSize, $"must be at least the {InitialVocabulary?.Count} tokens of InitialVocabulary");
        errors.Require(InitialVocabulary is null || VocabularyPath is null, nameof(VocabularyPath), VocabularyPath, "cannot be combined with InitialVocabulary, to which the data's tokens are added");
        errors.Require(MaxLength == 0 || MaxLength >= LeastTokens, nameof(MaxLength), MaxLength, PartCount == 1
            ? $"must be 0, or at least 1 token beside the {SpecialCount} special token(s) around a text" : $"must be 0, or at least {LeastTokens}: 1 token of each of {PartCount} parts beside the {SpecialCount} special token(s) around and between them");
        errors.Require(UnknownToken is not "", nameof(UnknownToken), "\"\"", "must have a character, or be null");
        errors.Require(ClsToken is not "", nameof(ClsToken), "\"\"", "must have a character, or be null");
        errors.Require(UnknownToken is null || UnknownToken != ClsToken, nameof(ClsToken), ClsToken, "must differ from UnknownToken");
        ValidatePretrained(errors);
        errors.ThrowIfAny();
    }

    /// <summary>The options of a tokenizer that goes on from one with these options and a vocabulary.</summary>
    internal TokenizeSequenceOptions ContinuedFrom(IReadOnlyList<string> vocabulary) => Pretrained is null ? this with { VocabularyPath = null, InitialVocabulary = vocabulary } : this;

    /// <summary>The columns of the texts.</summary>
    internal IReadOnlyList<string> Inputs => InputColumnNames ?? [InputColumnName ?? OutputColumnName];

    /// <summary>The texts of a sequence.</summary>
    internal int PartCount => InputColumnNames?.Count ?? 1;

    /// <summary>The token between two parts of a vocabulary of one's own.</summary>
    internal string Separator => SeparatorToken ?? "[SEP]";

    /// <summary>Special tokens around and between the parts of a sequence.</summary>
    internal int SpecialCount => Pretrained is { Frame: var (before, between, after) } ? before.Length + (PartCount - 1) * between.Length + after.Length : (ClsToken is null ? 0 : 1) + PartCount - 1;

    /// <summary>Tokens of a sequence with one of each part.</summary>
    internal int LeastTokens => SpecialCount + PartCount;

    private void ValidateParts(OptionErrors errors)
    {
        errors.Require(SeparatorToken is not "", nameof(SeparatorToken), "\"\"", "must have a character, or be null");
        if (InputColumnNames is not { } names)
        {
            errors.Require(SeparatorToken is null, nameof(SeparatorToken), SeparatorToken, "stands between the texts of InputColumnNames, which are not given");
            return;
        }
        string list = $"[{string.Join(", ", names)}]";
        errors.Require(names.Count >= 2, nameof(InputColumnNames), list, "must name at least 2 columns; InputColumnName names one");
        errors.Require(names.All(name => !string.IsNullOrEmpty(name)), nameof(InputColumnNames), list, "must be columns' names");
        errors.Require(names.Distinct(StringComparer.Ordinal).Count() == names.Count, nameof(InputColumnNames), list, "must differ");
        errors.Require(Separator != UnknownToken && Separator != ClsToken, nameof(SeparatorToken), Separator, "must differ from UnknownToken and ClsToken");
        errors.Require(Pretrained is not { Frame.Between.Length: 0 }, nameof(InputColumnNames), list, $"cannot be several: {PretrainedTokenizer.NoParts}");
    }

    private void ValidatePretrained(OptionErrors errors)
    {
        const string OwnRules = "does not apply to a pretrained tokenizer, which has its own: leave the default";
        bool pretrained = Tokenizer == TokenizerKind.Pretrained;
        errors.Require(!pretrained || Pretrained is not null, nameof(Pretrained), "null", "must be the tokenizer, such as PretrainedTokenizer.Load(folder)");
        errors.Require(pretrained || Pretrained is null, nameof(Pretrained), Pretrained, $"is only for Tokenizer = {TokenizerKind.Pretrained}");
        if (!pretrained) return;
        var defaults = new TokenizeSequenceOptions();
        errors.Require(LowerCase == defaults.LowerCase, nameof(LowerCase), LowerCase, OwnRules);
        errors.Require(UnicodeForm == defaults.UnicodeForm, nameof(UnicodeForm), UnicodeForm, OwnRules);
        errors.Require(KeepPunctuation == defaults.KeepPunctuation, nameof(KeepPunctuation), KeepPunctuation, OwnRules);
        errors.Require(MaxSize == defaults.MaxSize, nameof(MaxSize), MaxSize, OwnRules);
        errors.Require(MinCount == defaults.MinCount, nameof(MinCount), MinCount, OwnRules);
        errors.Require(UnknownToken is null, nameof(UnknownToken), UnknownToken, OwnRules);
        errors.Require(ClsToken is null, nameof(ClsToken), ClsToken, OwnRules);
        errors.Require(SeparatorToken is null, nameof(SeparatorToken), SeparatorToken, OwnRules);
        errors.Require(VocabularyPath is null, nameof(VocabularyPath), VocabularyPath, OwnRules);
        errors.Require(InitialVocabulary is null, nameof(InitialVocabulary), $"{InitialVocabulary?.Count} tokens", OwnRules);
    }

    /// <summary>The tokens that come first in a learned vocabulary.</summary>
    internal IEnumerable<string> SpecialTokens => new[] { UnknownToken, ClsToken, InputColumnNames is null ? null : Separator }.OfType<string>();
}

/// <summary>The columns that a text's tokens become.</summary>
public enum TokenColumns
{
    /// <summary>A variable vector of the vocabulary's keys, under the name <see cref="TokenizeSequenceOptions.OutputColumnName"/>, for this library's components.</summary>
    Keys,
    /// <summary>
    /// The variable vectors of Int64 input_ids and attention_mask, for ApplyOnnxModel: a token's place in the vocabulary, from 0, and the
    /// vocabulary's size for a token that is not there; and 1 for each. A text without tokens has one id, with mask 0.
    /// </summary>
    OnnxInputs,
}

/// <summary>What a token is.</summary>
public enum TokenizerKind
{
    /// <summary>
    /// A word, a number or a punctuation mark. Contractions (don't), signed and decimal numbers (-7, 3.14) stay whole; an ideograph,
    /// a kana and an emoji are tokens of their own.
    /// </summary>
    Word,
    /// <summary>A character (a Unicode scalar value); every run of white space is one space.</summary>
    Character,
    /// <summary>A part of a word, found by merging frequent neighbours (Sennrich et al. 2016).</summary>
    BytePair,
    /// <summary>What a pretrained encoder was trained with: <see cref="TokenizeSequenceOptions.Pretrained"/>.</summary>
    Pretrained,
}

/// <summary>How different spellings of the same text become one.</summary>
public enum UnicodeForm
{
    /// <summary>Text stays as it is.</summary>
    AsIs,
    /// <summary>Form C: a letter and its combining accent become one character; a curly apostrophe becomes a straight one.</summary>
    Composed,
    /// <summary>Form KC: besides, compatibility characters (full-width letters, ligatures) become their plain forms.</summary>
    Compatible,
}
