namespace MlAttention;

/// <summary>What the position schemes can be told. Each value matters to the schemes it names and to no other.</summary>
public sealed record PositionOptions
{
    /// <summary>Sinusoidal: the base of the wavelengths' geometric progression.</summary>
    /// <value>Greater than 1; default 10000.</value>
    public double SinusoidalBase { get; init; } = 10000;

    /// <summary>Sinusoidal: sines and cosines take turns, instead of all sines before all cosines.</summary>
    /// <value>Default true, the layout of the paper.</value>
    public bool SinusoidalInterleaved { get; init; } = true;

    /// <summary>Rotary: the base of the rotation frequencies.</summary>
    /// <value>Greater than 1; default 10000.</value>
    public double RotaryBase { get; init; } = 10000;

    /// <summary>Rotary: rotate the pairs (0,1), (2,3), ... instead of (0,Dh/2), (1,Dh/2+1), ...</summary>
    /// <value>Default true, the pairing of the paper.</value>
    public bool RotaryInterleaved { get; init; } = true;

    /// <summary>Rotary: positions are divided by this factor, so that a longer text fits the trained range.</summary>
    /// <value>At least 1; default 1, no scaling.</value>
    public double RotaryPositionScale { get; init; } = 1;

    /// <summary>Learned: rows of the table before the one of the first position. RoBERTa has 2.</summary>
    /// <value>0 or more; default 0.</value>
    public int LearnedOffset { get; init; }

    /// <summary>Learned: rows of the table, which may be for longer sequences than the model takes.</summary>
    /// <value>At least MaxLength + <see cref="LearnedOffset"/>; default null, just as many.</value>
    public int? LearnedRows { get; init; }

    /// <summary>Shaw: distances beyond this many tokens share one vector.</summary>
    /// <value>0 or more tokens; default 16.</value>
    public int ClipDistance { get; init; } = 16;

    /// <summary>Relative bias: number of distance buckets.</summary>
    /// <value>An even number from 4; default 32.</value>
    public int Buckets { get; init; } = 32;

    /// <summary>Relative bias: distances from here on share the last bucket.</summary>
    /// <value>More than Buckets / 4 tokens; default 128.</value>
    public int MaxDistance { get; init; } = 128;

    /// <summary>ALiBi: let half of the heads look only to the left and half only to the right, so that a text differs from its reversal.</summary>
    /// <value>Default true. The symmetric form with mean pooling cannot tell a text from its reversal.</value>
    public bool AlibiOneSided { get; init; } = true;

    /// <summary>Whether ALiBi's heads look to one side each: under a causal mask all look to the left anyway, with the paper's slopes.</summary>
    internal bool HasOneSidedAlibi(MaskKind mask) => AlibiOneSided && !mask.IsCausal;

    internal void Validate(OptionErrors errors)
    {
        errors.Require(SinusoidalBase > 1, nameof(SinusoidalBase), SinusoidalBase, "must be greater than 1");
        errors.Require(RotaryBase > 1, nameof(RotaryBase), RotaryBase, "must be greater than 1");
        errors.Require(RotaryPositionScale >= 1, nameof(RotaryPositionScale), RotaryPositionScale, "must be at least 1");
        errors.Require(LearnedOffset >= 0, nameof(LearnedOffset), LearnedOffset, "must be 0 or more rows");
        errors.Require(ClipDistance >= 0, nameof(ClipDistance), ClipDistance, "must be 0 or more tokens");
        errors.Require(Buckets >= 4 && Buckets % 2 == 0, nameof(Buckets), Buckets, "must be an even number from 4");
        errors.Require(MaxDistance > Buckets / 4, nameof(MaxDistance), MaxDistance, $"must be more than Buckets / 4 = {Buckets / 4} tokens");
    }
}
