using MlAttention.Training;
using MlAttention.Validation;

namespace MlAttention.Architecture;

/// <summary>The architecture of a sequence classifier: token embedding, positions, encoder, pooling, linear head.</summary>
public record SequenceModelOptions
{
    /// <summary>How token order reaches the encoder.</summary>
    /// <value>Default <see cref="PositionScheme.Sinusoidal"/>.</value>
    public PositionScheme Positions { get; init; } = PositionScheme.Sinusoidal;

    /// <summary>Details of the position schemes.</summary>
    public PositionOptions PositionDetails { get; init; } = new();

    /// <summary>The encoder.</summary>
    /// <value>Default <see cref="EncoderKind.Attention"/>.</value>
    public EncoderKind Encoder { get; init; } = EncoderKind.Attention;

    /// <summary>Width D of embeddings and layers.</summary>
    /// <value>A multiple of <see cref="Heads"/>; default 64.</value>
    public int ModelWidth { get; init; } = 64;

    /// <summary>Number of attention heads H; a head has width D / H.</summary>
    /// <value>At least 1; default 4.</value>
    public int Heads { get; init; } = 4;

    /// <summary>Number of encoder layers.</summary>
    /// <value>At least 1; default 2.</value>
    public int Layers { get; init; } = 2;

    /// <summary>Width of the feed-forward network's hidden layer.</summary>
    /// <value>At least 1; default 128.</value>
    public int FeedForwardWidth { get; init; } = 128;

    /// <summary>Longest sequence in tokens; what is longer is truncated, counted and reported.</summary>
    /// <value>At least 1 token; default 128.</value>
    public int MaxLength { get; init; } = 128;

    /// <summary>Which end of a sequence longer than <see cref="MaxLength"/> is kept.</summary>
    /// <value>Default <see cref="TruncationSide.KeepStart"/>.</value>
    public TruncationSide Truncation { get; init; } = TruncationSide.KeepStart;

    /// <summary>Tokens that stand before every text: one CLS where the pooling reads it.</summary>
    internal int SpecialTokens => Pooling == PoolingKind.Cls ? 1 : 0;

    /// <summary>Most tokens of a text that a sequence has room for.</summary>
    internal int MaxTextTokens => MaxLength - SpecialTokens;

    /// <summary>Which tokens a token may attend to.</summary>
    /// <value>Default <see cref="MaskKind.Bidirectional"/>.</value>
    public MaskKind Mask { get; init; } = MaskKind.Bidirectional;

    /// <summary>Radius of the local window, for the masks and the algorithm that have one.</summary>
    /// <value>0 or more tokens to each side; default 16.</value>
    public int WindowRadius { get; init; } = 16;

    /// <summary>The score of a query and a key.</summary>
    /// <value>Default <see cref="ScoreFunction.ScaledDotProduct"/>.</value>
    public ScoreFunction Score { get; init; } = ScoreFunction.ScaledDotProduct;

    /// <summary>Softmax temperature T: weights = softmax(scores / T).</summary>
    /// <value>Greater than 0; default 1.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>How attention is computed.</summary>
    /// <value>Default <see cref="AttentionAlgorithm.Full"/>.</value>
    public AttentionAlgorithm Algorithm { get; init; } = AttentionAlgorithm.Full;

    /// <summary>
    /// Gradient checkpointing: while training, a layer keeps only its input and computes itself again in the backward pass.
    /// Same gradients, the memory of one layer instead of all, about a third more time.
    /// </summary>
    /// <value>Default false.</value>
    public bool CheckpointLayers { get; init; }

    /// <summary>Where layer normalisation stands.</summary>
    /// <value>Default <see cref="NormPlacement.Pre"/>.</value>
    public NormPlacement Norm { get; init; } = NormPlacement.Pre;

    /// <summary>Added to the variance in layer normalisation.</summary>
    /// <value>Greater than 0; default 1e-5.</value>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>The feed-forward network's nonlinearity.</summary>
    /// <value>Default <see cref="ActivationKind.Gelu"/>.</value>
    public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

    /// <summary>How the sequence becomes one vector.</summary>
    /// <value>Default <see cref="PoolingKind.Mean"/>.</value>
    public PoolingKind Pooling { get; init; } = PoolingKind.Mean;

    /// <summary>
    /// Probability with which training drops embeddings, attention weights and sublayer outputs. Linear and Performer attention, which
    /// form no weights, drop keys instead.
    /// </summary>
    /// <value>From 0 to below 1; default 0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Tokens that a convolution of the <see cref="EncoderKind.Cnn"/> encoder spans.</summary>
    internal const int ConvolutionTokens = 3;

    /// <summary>What the attention inside a layer is told.</summary>
    internal AttentionOptions LayerAttention => new()
    {
        ModelWidth = ModelWidth,
        Heads = Heads,
        Dropout = Dropout,
        Score = Score,
        Temperature = Temperature,
        Algorithm = Algorithm,
        WindowRadius = WindowRadius,
        CheckNumbers = false,
    };

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(GetType().Name);
        Validate(errors);
        errors.ThrowIfAny();
    }

    private protected virtual void Validate(OptionErrors errors)
    {
        errors.Require(ModelWidth >= 1, nameof(ModelWidth), ModelWidth, "must be at least 1");
        errors.Require(Heads >= 1, nameof(Heads), Heads, "must be at least 1");
        errors.Require(Heads < 1 || ModelWidth % Heads == 0, nameof(ModelWidth), ModelWidth, $"must be a multiple of Heads = {Heads}");
        errors.Require(Layers >= 1, nameof(Layers), Layers, "must be at least 1");
        errors.Require(FeedForwardWidth >= 1, nameof(FeedForwardWidth), FeedForwardWidth, "must be at least 1");
        errors.Require(MaxLength >= 1, nameof(MaxLength), MaxLength, "must be at least 1 token");
        errors.Require(Enum.IsDefined(Truncation), nameof(Truncation), Truncation, "is not a side");
        errors.Require(WindowRadius >= 0, nameof(WindowRadius), WindowRadius, "must be 0 or more tokens");
        errors.Require(Temperature > 0, nameof(Temperature), Temperature, "must be greater than 0");
        errors.Require(LayerNormEpsilon > 0, nameof(LayerNormEpsilon), LayerNormEpsilon, "must be greater than 0");
        errors.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "must be from 0 to below 1");
        errors.Require(Positions != PositionScheme.Rotary || Heads < 1 || ModelWidth / Heads % 2 == 0, nameof(ModelWidth), ModelWidth,
            $"rotary positions need heads of even width, and with Heads = {Heads} it is {(Heads < 1 ? 0 : ModelWidth / Heads)}");
        PositionDetails.Validate(errors);
        ValidateEncoder(errors);
        ValidateAlgorithm(errors);
    }

    private void ValidateAlgorithm(OptionErrors errors)
    {
        if (Encoder != EncoderKind.Attention || Algorithm.FormsScores) return;
        Algorithm.Validate(errors, Score, Temperature);
        errors.Require(Mask is MaskKind.Bidirectional or MaskKind.Causal, nameof(Mask), Mask, $"the algorithm {Algorithm} forms no scores to mask; use Bidirectional or Causal");
        errors.Require(Positions is not (PositionScheme.ShawRelative or PositionScheme.RelativeBias or PositionScheme.Alibi), nameof(Positions), Positions,
            $"acts on scores, and the algorithm {Algorithm} forms none; use None, Sinusoidal, Learned or Rotary");
    }

    private void ValidateEncoder(OptionErrors errors)
    {
        if (Encoder == EncoderKind.Attention) return;
        errors.Require(Positions is PositionScheme.None or PositionScheme.Sinusoidal or PositionScheme.Learned, nameof(Positions), Positions,
            $"acts inside attention, and the encoder {Encoder} has none; use None, Sinusoidal or Learned");
        bool recurrent = Encoder is EncoderKind.Lstm or EncoderKind.Gru;
        bool oneDirection = Mask == MaskKind.Causal;
        errors.Require(Mask == MaskKind.Bidirectional || (recurrent && oneDirection) || Encoder == EncoderKind.BagOfEmbeddings, nameof(Mask), Mask,
            $"the encoder {Encoder} knows {(recurrent ? "Bidirectional and Causal" : "Bidirectional")} only");
        errors.Require(!recurrent || oneDirection || ModelWidth % 2 == 0, nameof(ModelWidth), ModelWidth,
            $"the encoder {Encoder} in both directions needs an even width, half for each");
    }
}
