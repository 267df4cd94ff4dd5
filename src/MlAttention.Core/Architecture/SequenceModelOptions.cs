using System.Text.Json.Serialization;

namespace MlAttention;

/// <summary>The architecture of a sequence classifier: token embedding, positions, encoder, pooling, head.</summary>
public record SequenceModelOptions : EncoderLayerOptions
{
    /// <summary>Whether token vectors are multiplied by sqrt(D) before positions are added (Vaswani et al. 2017, section 3.4).</summary>
    /// <value>Default true. BERT and its family do not.</value>
    public bool ScaleEmbeddings { get; init; } = true;

    /// <summary>
    /// Rows of a table of token types. Type 0 is added to every token of a text of one part, and of a text of several parts to the first part
    /// and the separator that ends it; the next part has type 1, and so on up to the last row.
    /// </summary>
    /// <value>0 for none, or more; default 0. BERT has 2, RoBERTa 1.</value>
    public int TokenTypes { get; init; }

    /// <summary>
    /// The key of the token that ends the parts of a text of several parts, such as a question and its answer. It tells token types and how
    /// a text that is too long is cut: from its longest part.
    /// </summary>
    /// <value>A key of the vocabulary; default null: a text is one part. The classifier's Fit takes it from a column that TokenizeSequence made of several texts.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SeparatorKey { get; init; }

    /// <summary>Whether all parts of a text have token type 0, as tokenizers of RoBERTa's and XLM-RoBERTa's kind give them.</summary>
    /// <value>Default false. Taken from the column as <see cref="SeparatorKey"/> is.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SharedTokenType { get; init; }

    /// <summary>The key after which the token type is the next one; null where all tokens have type 0.</summary>
    internal int? TypeSeparator => TokenTypes > 1 && !SharedTokenType ? SeparatorKey : null;

    /// <summary>Layer normalisation of what the encoder reads: token, position and type together (Devlin et al. 2019).</summary>
    /// <value>Default false.</value>
    public bool EmbeddingNorm { get; init; }

    /// <summary>How token order reaches the encoder.</summary>
    /// <value>Default <see cref="PositionScheme.Sinusoidal"/>.</value>
    public PositionScheme Positions { get; init; } = PositionScheme.Sinusoidal;

    /// <summary>Details of the position schemes.</summary>
    public PositionOptions PositionDetails { get; init; } = new();

    /// <summary>The encoder.</summary>
    /// <value>Default <see cref="EncoderKind.Attention"/>.</value>
    public EncoderKind Encoder { get; init; } = EncoderKind.Attention;

    /// <summary>Number of encoder layers.</summary>
    /// <value>At least 1; default 2.</value>
    public int Layers { get; init; } = 2;

    /// <summary>Longest sequence in tokens; what is longer is truncated, counted and reported.</summary>
    /// <value>At least 1 token; default 128.</value>
    public int MaxLength { get; init; } = 128;

    /// <summary>Which end of a sequence longer than <see cref="MaxLength"/> is kept.</summary>
    /// <value>Default <see cref="TruncationSide.KeepStart"/>.</value>
    public TruncationSide Truncation { get; init; } = TruncationSide.KeepStart;

    /// <summary>
    /// Whether a sequence that is cut keeps its first and its last token: the CLS and SEP that the tokenizer of a pretrained encoder has put there.
    /// </summary>
    /// <value>Default false. True needs room for 3 tokens.</value>
    public bool KeepBoundaries { get; init; }

    /// <summary>How a text that is too long is cut.</summary>
    internal SequenceCut Cut => new(MaxTextTokens, Truncation, KeepBoundaries, SeparatorKey);

    /// <summary>Tokens that stand before every text: one CLS where the pooling reads it.</summary>
    internal int SpecialTokens => Pooling == PoolingKind.Cls ? 1 : 0;

    /// <summary>Most tokens of a text that a sequence has room for.</summary>
    internal int MaxTextTokens => MaxLength - SpecialTokens;

    /// <summary>Which tokens a token may attend to.</summary>
    /// <value>Default <see cref="MaskKind.Bidirectional"/>.</value>
    public MaskKind Mask { get; init; } = MaskKind.Bidirectional;

    /// <summary>
    /// Gradient checkpointing: while training, a layer keeps only its input and computes itself again in the backward pass.
    /// Same gradients, the memory of one layer instead of all, about a third more time.
    /// </summary>
    /// <value>Default false.</value>
    public bool GradientCheckpointing { get; init; }

    /// <summary>How the sequence becomes one vector.</summary>
    /// <value>Default <see cref="PoolingKind.Mean"/>.</value>
    public PoolingKind Pooling { get; init; } = PoolingKind.Mean;

    /// <summary>How the vector becomes a number for each class.</summary>
    /// <value>Default <see cref="HeadKind.Linear"/>.</value>
    public HeadKind Head { get; init; } = HeadKind.Linear;

    /// <summary>What the model is asked for: one label, several labels, a label for each token, a number, or tokens themselves.</summary>
    /// <value>Default <see cref="TaskKind.SingleLabel"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TaskKind Task { get; init; }

    /// <summary>The architecture alone, without what options that derive from it add.</summary>
    internal SequenceModelOptions AsArchitecture() => new(this);

    /// <summary>Rows of the table of learned positions.</summary>
    internal int PositionRows => PositionDetails.LearnedRows ?? MaxLength + PositionDetails.LearnedOffset;

    /// <summary>Learned positions: the longest sequence that the table has rows for.</summary>
    internal int MostPositions => PositionRows - PositionDetails.LearnedOffset;

    /// <summary>Tokens that a convolution of the <see cref="EncoderKind.Cnn"/> encoder spans.</summary>
    internal const int ConvolutionTokens = 3;

    private protected override void Validate(OptionErrors errors)
    {
        base.Validate(errors);
        errors.Require(Layers >= 1, nameof(Layers), Layers, "must be at least 1");
        errors.Require(MaxLength >= 1, nameof(MaxLength), MaxLength, "must be at least 1 token");
        errors.Require(Enum.IsDefined(Truncation), nameof(Truncation), Truncation, "is not a side");
        errors.Require(!KeepBoundaries || MaxLength < 1 || MaxTextTokens >= SequenceCut.LeastWithBoundaries, nameof(MaxLength), MaxLength,
            $"must be at least {SequenceCut.LeastWithBoundaries + SpecialTokens} tokens with KeepBoundaries, which keeps the first and the last one of every text");
        errors.Require(TokenTypes >= 0, nameof(TokenTypes), TokenTypes, "must be 0 or more");
        errors.Require(SeparatorKey is null || !Task.IsPerToken, nameof(Task), Task, "has a label for each token of one text, and SeparatorKey is for texts of several parts");
        errors.Require(SeparatorKey is null or >= 1, nameof(SeparatorKey), SeparatorKey, "must be a key of the vocabulary, 1 or more, or null");
        errors.Require(Enum.IsDefined(Head), nameof(Head), Head, "is not a head");
        errors.Require(Positions != PositionScheme.Rotary || Heads < 1 || ModelWidth / Heads % 2 == 0, nameof(ModelWidth), ModelWidth,
            $"rotary positions need heads of even width, and with Heads = {Heads} it is {(Heads < 1 ? 0 : ModelWidth / Heads)}");
        errors.Require(Enum.IsDefined(Task), nameof(Task), Task, "is not a task");
        errors.Require(!Task.IsPerToken || Pooling is PoolingKind.Mean or PoolingKind.First, nameof(Pooling), Pooling,
            "has nothing to do with a label for each token, whose vectors are not pooled; leave it as it is by default");
        errors.Require(Head.IsTied == Task.PredictsTokens, nameof(Head), Head, Head.IsTied
            ? $"gives a number for each token of the vocabulary, and {Task} asks for others; use {HeadKind.Linear}, {HeadKind.Tanh} or {HeadKind.Relu}"
            : $"has classes of its own, and {Task} predicts tokens of the vocabulary; use {HeadKind.Tied} or {HeadKind.TiedTransform}");
        errors.Require(Task != TaskKind.NextToken || Mask.IsCausal, nameof(Mask), Mask, $"lets a token see the one after it, which {TaskKind.NextToken} predicts; use {MaskKind.Causal} or {MaskKind.CausalLocalWindow}");
        PositionDetails.Validate(errors);
        int rows = MaxLength + PositionDetails.LearnedOffset;
        errors.Require(Positions != PositionScheme.Learned || PositionDetails.LearnedRows is not { } given || given >= rows, nameof(PositionOptions.LearnedRows), PositionDetails.LearnedRows,
            $"must be at least MaxLength + LearnedOffset = {rows}");
        if (Encoder == EncoderKind.Attention) ValidateAttention(errors);
        else ValidateOtherEncoder(errors);
    }

    private void ValidateAttention(OptionErrors errors)
    {
        ValidateAlgorithm(errors);
        if (Algorithm.FormsScores) return;
        errors.Require(!Mask.IsLocal, nameof(Mask), Mask, $"the algorithm {Algorithm} forms no scores to mask; use Bidirectional or Causal");
        errors.Require(Positions.ActsOn != PositionTarget.Scores, nameof(Positions), Positions,
            $"acts on scores, and the algorithm {Algorithm} forms none; use None, Sinusoidal, Learned or Rotary");
    }

    private void ValidateOtherEncoder(OptionErrors errors)
    {
        errors.Require(Positions.ActsOn is PositionTarget.Nothing or PositionTarget.Embeddings, nameof(Positions), Positions,
            $"acts inside attention, and the encoder {Encoder} has none; use None, Sinusoidal or Learned");
        bool recurrent = Encoder is EncoderKind.Lstm or EncoderKind.Gru;
        bool oneDirection = Mask == MaskKind.Causal;
        errors.Require(Mask == MaskKind.Bidirectional || (recurrent && oneDirection) || Encoder == EncoderKind.BagOfEmbeddings, nameof(Mask), Mask,
            $"the encoder {Encoder} knows {(recurrent ? "Bidirectional and Causal" : "Bidirectional")} only");
        errors.Require(!recurrent || oneDirection || ModelWidth % 2 == 0, nameof(ModelWidth), ModelWidth,
            $"the encoder {Encoder} in both directions needs an even width, half for each");
    }
}
