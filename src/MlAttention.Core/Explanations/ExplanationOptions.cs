namespace MlAttention;

/// <summary>How much each token of a text contributes to a class: how that is measured.</summary>
public sealed record ExplanationOptions
{
    /// <summary>Most <see cref="Steps"/>.</summary>
    public const int MaxSteps = 1000;

    /// <summary>What stands for a token that is not there.</summary>
    /// <value>Default <see cref="ExplanationBaseline.Unknown"/>.</value>
    public ExplanationBaseline Baseline { get; init; }

    /// <summary>Leave-one-out: what becomes of the place of the token that is left out.</summary>
    /// <value>Default <see cref="LeftOutToken.Replaced"/>.</value>
    public LeftOutToken LeftOut { get; init; }

    /// <summary>Integrated gradients: points on the way from the baseline to the text, at the nodes of Gauss and Legendre.</summary>
    /// <value>From 1 to <see cref="MaxSteps"/>; default 50, as in Captum. More bring the sum nearer to the difference of the log-odds.</value>
    public int Steps { get; init; } = 50;

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(ExplanationOptions));
        Validate(errors);
        errors.ThrowIfAny();
    }

    internal void Validate(OptionErrors errors)
    {
        errors.Require(Enum.IsDefined(Baseline), nameof(Baseline), Baseline, "is not a baseline");
        errors.Require(Enum.IsDefined(LeftOut), nameof(LeftOut), LeftOut, "is not a way to leave a token out");
        errors.Require(Steps is >= 1 and <= MaxSteps, nameof(Steps), Steps, $"must be from 1 to {MaxSteps}");
    }
}

/// <summary>How the contribution of a token is measured.</summary>
public enum ExplanationMethod
{
    /// <summary>
    /// The gradient with respect to the token's embedding, integrated along the line from the baseline, times the way: the contributions add
    /// up to the log-odds of the text less those of the baseline (Sundararajan, Taly and Yan 2017).
    /// </summary>
    IntegratedGradients,
    /// <summary>The log-odds of the text less those without the token (Li, Monroe and Jurafsky 2016). Two words that say the same hide each other.</summary>
    LeaveOneOut,
}

/// <summary>What stands for a token that is not there.</summary>
public enum ExplanationBaseline
{
    /// <summary>
    /// The unknown token, as which training shows rare words now and then (<see cref="TrainingOptions.RareTokenDropout"/>); of a pretrained
    /// encoder its mask token, behind which words were hidden when it was trained, or its unknown token where it has no mask.
    /// </summary>
    Unknown,
    /// <summary>
    /// The embedding of padding, which is zero. Models have never seen it inside a text, and layer normalisation makes the first step away
    /// from it a jump, so that many more <see cref="ExplanationOptions.Steps"/> are needed.
    /// </summary>
    Zero,
}

/// <summary>What becomes of the place of a token that is left out.</summary>
public enum LeftOutToken
{
    /// <summary>The baseline stands there, and all others stay where they are.</summary>
    Replaced,
    /// <summary>The text becomes shorter, as in erasure; those behind move up, so that a change of their positions is counted too.</summary>
    Removed,
}
