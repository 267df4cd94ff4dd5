using MlAttention.Core.Validation;

namespace MlAttention;

/// <summary>How a sequence is found whose tokens a model gives probabilities one after another.</summary>
public sealed record BeamSearchOptions
{
    /// <summary>Prefixes that are followed at a time. 1 is greedy: always the most probable next token.</summary>
    /// <value>At least 1; default 4.</value>
    public int Width { get; init; } = 4;

    /// <summary>Longest sequence in tokens, without the one that ends it; what has not ended then is cut.</summary>
    /// <value>At least 1 token; default 128.</value>
    public int MaxLength { get; init; } = 128;

    /// <summary>
    /// α of the length normalisation, which keeps short sequences from winning because they have fewer factors below 1:
    /// score = log p / ((5 + tokens) / 6)^α.
    /// </summary>
    /// <value>0 for none, or more; default 0.6. Source: Wu et al. 2016, section 7, equation 14; the value: Vaswani et al. 2017, section 6.1.</value>
    public double LengthNormalization { get; init; } = 0.6;

    /// <summary>The most probable token after each other: one prefix, no search.</summary>
    public static BeamSearchOptions Greedy { get; } = new() { Width = 1 };

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(BeamSearchOptions));
        errors.Require(Width >= 1, nameof(Width), Width, "must be at least 1");
        errors.Require(MaxLength >= 1, nameof(MaxLength), MaxLength, "must be at least 1 token");
        errors.Require(LengthNormalization >= 0 && double.IsFinite(LengthNormalization), nameof(LengthNormalization), LengthNormalization, "must be 0 or more");
        errors.ThrowIfAny();
    }

    /// <summary>What sequences are compared by.</summary>
    internal double Score(double logProbability, int tokens) => logProbability / Math.Pow((5 + tokens) / 6.0, LengthNormalization);
}
