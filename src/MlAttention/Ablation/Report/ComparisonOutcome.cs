namespace MlAttention.Ablation;

/// <summary>What a comparison allows to say.</summary>
public enum ComparisonOutcome
{
    /// <summary>The first is better: the interval over seeds and items lies above 0, and so does the test where there are seeds enough for it.</summary>
    FirstBetter,
    /// <summary>The second is better.</summary>
    SecondBetter,
    /// <summary>They are equal up to the margin: the equivalence test over the seeds rejects a larger difference, and the interval over seeds and texts lies within it.</summary>
    Equivalent,
    /// <summary>No effect was detected, and equality was not shown either.</summary>
    Undecided,
}
