namespace MlAttention;

/// <summary>What one layer of a transformer can be told: its attention, its feed-forward network, its norms.</summary>
public record EncoderLayerOptions : AttentionSettings
{
    /// <summary>Width of the feed-forward network's hidden layer.</summary>
    /// <value>At least 1; default 128.</value>
    public int FeedForwardWidth { get; init; } = 128;

    /// <summary>The feed-forward network's nonlinearity.</summary>
    /// <value>Default <see cref="ActivationKind.Gelu"/>.</value>
    public ActivationKind Activation { get; init; } = ActivationKind.Gelu;

    /// <summary>Where layer normalisation stands.</summary>
    /// <value>Default <see cref="NormPlacement.Pre"/>.</value>
    public NormPlacement Norm { get; init; } = NormPlacement.Pre;

    /// <summary>Added to the variance in layer normalisation.</summary>
    /// <value>Greater than 0; default 1e-5.</value>
    public double LayerNormEpsilon { get; init; } = 1e-5;

    /// <summary>
    /// Probability with which training drops embeddings, attention weights and sublayer outputs. Linear and Performer attention, which
    /// form no weights, drop keys instead.
    /// </summary>
    /// <value>From 0 to below 1; default 0.1.</value>
    public double Dropout { get; init; } = 0.1;

    /// <summary>What the attention inside the layer is told; the layer itself has checked the numbers.</summary>
    internal AttentionOptions Attention => new(this) { Dropout = Dropout, CheckNumbers = false };

    private protected override void Validate(OptionErrors errors)
    {
        base.Validate(errors);
        errors.Require(FeedForwardWidth >= 1, nameof(FeedForwardWidth), FeedForwardWidth, "must be at least 1");
        errors.Require(LayerNormEpsilon > 0, nameof(LayerNormEpsilon), LayerNormEpsilon, "must be greater than 0");
        errors.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "must be from 0 to below 1");
    }
}
