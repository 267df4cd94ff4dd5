using MlAttention.Core.Architecture;

namespace MlAttention;

/// <summary>Columns, texts, architecture and training of a model that writes a text for each text. It runs on TorchSharp alone.</summary>
public sealed record SequenceToSequenceOptions
{
    private static readonly TrainingOptions UsualTraining = new();

    /// <summary>The column with the text that is read.</summary>
    /// <value>Default "Source".</value>
    public string SourceColumnName { get; init; } = "Source";

    /// <summary>The column with the text that is to be written; only Fit reads it.</summary>
    /// <value>Default "Target".</value>
    public string TargetColumnName { get; init; } = "Target";

    /// <summary>The column with the text that is written.</summary>
    /// <value>Default "Output".</value>
    public string OutputColumnName { get; init; } = "Output";

    /// <summary>What a token of the source is: words, characters or byte pairs.</summary>
    /// <value>Default <see cref="TokenizerKind.Word"/>.</value>
    public TokenizerKind SourceTokenizer { get; init; } = TokenizerKind.Word;

    /// <summary>What a token of the target is. Words are written with a space between them, as byte pairs' words are; characters without.</summary>
    /// <value>Default <see cref="TokenizerKind.Word"/>.</value>
    public TokenizerKind TargetTokenizer { get; init; } = TokenizerKind.Word;

    /// <summary>Whether upper case becomes lower case, in both texts.</summary>
    /// <value>Default true.</value>
    public bool LowerCase { get; init; } = true;

    /// <summary>Largest vocabulary of each side; the most frequent tokens are kept. Others of the source are unknown, and others of the target are never written.</summary>
    /// <value>At least 1 token; default 30,000.</value>
    public int MaxVocabulary { get; init; } = 30_000;

    /// <summary>How often a token must occur in the training data to get a key.</summary>
    /// <value>At least 1; default 1.</value>
    public int MinCount { get; init; } = 1;

    /// <summary>The encoder. What a classifier has beside it (task, pooling, head, token types) keeps its default.</summary>
    public SequenceModelOptions Encoder { get; init; } = new();

    /// <summary>The decoder: of the encoder's width, causal, with full attention. Its <see cref="SequenceModelOptions.MaxLength"/> counts the token that stands before a target.</summary>
    /// <value>Default null: as the encoder.</value>
    public SequenceModelOptions? Decoder { get; init; }

    /// <summary>How the model is trained: with teacher forcing, the best epoch by the part of the held-out targets' tokens that are predicted rightly after the true ones before them.</summary>
    /// <value>Default: as a classifier, without <see cref="TrainingOptions.RareTokenDropout"/>.</value>
    public TrainingOptions Training { get; init; } = UsualTraining with { RareTokenDropout = 0 };

    /// <summary>How targets are searched for. Its greatest length is at most what the decoder has room for.</summary>
    /// <value>Default: a beam of 4.</value>
    public BeamSearchOptions Decoding { get; init; } = new() { MaxLength = 127 };

    /// <summary>The decoder, as the encoder where nothing else is said.</summary>
    internal SequenceModelOptions DecoderOrDefault => Decoder ?? Encoder with { Encoder = EncoderKind.Attention };

    /// <summary>How the source is tokenized.</summary>
    internal TokenizeSequenceOptions SourceTokens => Tokens(SourceColumnName, SourceTokenizer);

    /// <summary>How the target is tokenized.</summary>
    internal TokenizeSequenceOptions TargetTokens => Tokens(TargetColumnName, TargetTokenizer);

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        EncoderDecoderRules.Require(Encoder, DecoderOrDefault);
        Decoding.Validate();
        var errors = new OptionErrors(nameof(SequenceToSequenceOptions));
        ModelLimits.Require(errors, Encoder);
        ModelLimits.Require(errors, DecoderOrDefault);
        string[] columns = [SourceColumnName, TargetColumnName, OutputColumnName];
        errors.Require(columns.All(name => !string.IsNullOrEmpty(name)), "Columns", string.Join(", ", columns), "must be columns' names");
        RequireOwn(errors, nameof(SourceTokenizer), SourceTokenizer);
        RequireOwn(errors, nameof(TargetTokenizer), TargetTokenizer);
        errors.Require(MaxVocabulary >= 1, nameof(MaxVocabulary), MaxVocabulary, "must be at least 1 token");
        errors.Require(MinCount >= 1, nameof(MinCount), MinCount, "must be at least 1");
        errors.Require(Decoding.MaxLength < DecoderOrDefault.MaxLength, "Decoding.MaxLength", Decoding.MaxLength, $"must be less than the decoder's MaxLength = {DecoderOrDefault.MaxLength}, which has a place for the token before the target");
        Training.Validate(errors);
        RequireTraining(errors);
        errors.ThrowIfAny();
    }

    private void RequireTraining(OptionErrors errors)
    {
        void Usual<T>(string name, T value, T usual, string why) => errors.Require(EqualityComparer<T>.Default.Equals(value, usual), $"Training.{name}", value, why);
        errors.Require(Training.Compute.Engine is EngineKind.Auto or EngineKind.TorchSharp, "Training.Compute.Engine", Training.Compute.Engine, "has no encoder-decoder; it runs on TorchSharp alone");
        Usual(nameof(Training.RareTokenDropout), Training.RareTokenDropout, 0, "must be 0: the targets' tokens are labels, which are not to be unknown");
        Usual(nameof(Training.InitialWeightsPath), Training.InitialWeightsPath, null, "has no place here: an encoder-decoder starts from the seed");
        Usual(nameof(Training.ClassWeights), Training.ClassWeights, null, "weighs labels of rows, and a target has none");
        Usual(nameof(Training.BalanceClasses), Training.BalanceClasses, false, "balances labels of rows, and a target has none");
        Usual(nameof(Training.FreezeEmbeddings), Training.FreezeEmbeddings, false, "is for models that start from trained weights");
        Usual(nameof(Training.FrozenLayers), Training.FrozenLayers, 0, "is for models that start from trained weights");
    }

    private static void RequireOwn(OptionErrors errors, string name, TokenizerKind kind) =>
        errors.Require(kind is TokenizerKind.Word or TokenizerKind.Character or TokenizerKind.BytePair, name, kind, "must be Word, Character or BytePair, whose vocabulary is learned from the texts");

    private TokenizeSequenceOptions Tokens(string column, TokenizerKind tokenizer) => new()
    {
        InputColumnName = column,
        Tokenizer = tokenizer,
        LowerCase = LowerCase,
        MaxSize = MaxVocabulary,
        MinCount = MinCount,
    };
}
