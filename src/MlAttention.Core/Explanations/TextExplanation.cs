namespace MlAttention;

/// <summary>Which tokens of a text speak for a label, and how strongly.</summary>
/// <param name="Label">The label that is explained.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
/// <param name="Tokens">The tokens in the order of the text.</param>
public sealed record TextExplanation(string Label, float Probability, IReadOnlyList<ExplainedToken> Tokens)
{
    /// <summary>Log-odds of the label, in nats: log(p / (1 - p)).</summary>
    public double LogOdds { get; init; }

    /// <summary>Log-odds of the label where every token is the baseline, in nats: integrated gradients add up to the difference.</summary>
    public double BaselineLogOdds { get; init; }

    /// <summary>
    /// Kendall's rank correlation (tau-b) of the two methods' contributions, -1 to 1, over the tokens that can be left out; null where fewer
    /// than two can, or one method finds them all alike.
    /// </summary>
    public double? Agreement { get; init; }
}

/// <summary>A token and what it contributes, in nats of log-odds: above 0 it speaks for the label, below 0 against it.</summary>
/// <param name="Text">The token as the text has it.</param>
/// <param name="IsUnknown">Whether the vocabulary lacks it. Where the unknown token is the baseline, it contributes 0.</param>
/// <param name="IntegratedGradients">As <see cref="ExplanationMethod.IntegratedGradients"/> finds it.</param>
/// <param name="LeaveOneOut">As <see cref="ExplanationMethod.LeaveOneOut"/> finds it.</param>
public readonly record struct ExplainedToken(string Text, bool IsUnknown, float IntegratedGradients, float LeaveOneOut);
