namespace MlAttention;

/// <summary>What a multi-head attention layer can be told.</summary>
public sealed record AttentionOptions : AttentionSettings
{
    /// <summary>The defaults.</summary>
    public AttentionOptions()
    {
    }

    /// <summary>The settings of another layer or of a model.</summary>
    internal AttentionOptions(AttentionSettings settings) : base(settings)
    {
    }

    /// <summary>Width of the keys' input, when it differs from <see cref="AttentionSettings.ModelWidth"/>.</summary>
    /// <value>At least 1; default null, the same.</value>
    public int? KeyWidth { get; init; }

    /// <summary>Width of the values' input, when it differs from <see cref="AttentionSettings.ModelWidth"/>.</summary>
    /// <value>At least 1; default null, the same.</value>
    public int? ValueWidth { get; init; }

    /// <summary>Whether the projections have biases.</summary>
    /// <value>Default true.</value>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Probability with which training drops an attention weight. Linear and Performer attention, which form no weights, drop keys
    /// instead: each for all queries of a head at once.
    /// </summary>
    /// <value>From 0 to below 1; default 0.</value>
    public double Dropout { get; init; }

    /// <summary>Whether the layer checks its inputs for NaN and says where the first one is.</summary>
    /// <value>Default true. It costs one sum of each input.</value>
    public bool CheckNumbers { get; init; } = true;

    internal bool SameWidths => (KeyWidth ?? ModelWidth) == ModelWidth && (ValueWidth ?? ModelWidth) == ModelWidth;

    private protected override void Validate(OptionErrors errors)
    {
        base.Validate(errors);
        errors.Require(KeyWidth is null or >= 1, nameof(KeyWidth), KeyWidth, "must be at least 1");
        errors.Require(ValueWidth is null or >= 1, nameof(ValueWidth), ValueWidth, "must be at least 1");
        errors.Require(Dropout is >= 0 and < 1, nameof(Dropout), Dropout, "must be from 0 to below 1");
        ValidateAlgorithm(errors);
    }
}
