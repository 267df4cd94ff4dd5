namespace MlAttention;

/// <summary>Two variants with the same seeds and test texts. Differences are first minus second, in accuracy.</summary>
public sealed record VariantComparison
{
    /// <summary>The question that the comparison answers.</summary>
    public required ComparisonQuestion Question { get; init; }

    /// <summary>The first variant.</summary>
    public required AblationVariant First { get; init; }

    /// <summary>The second variant.</summary>
    public required AblationVariant Second { get; init; }

    /// <summary>Seeds that both finished.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>The difference of each seed.</summary>
    public required IReadOnlyList<double> Differences { get; init; }

    /// <summary>Mean difference.</summary>
    public required double MeanDifference { get; init; }

    /// <summary>Student's interval over the seeds; null for one seed.</summary>
    public ConfidenceInterval? SeedInterval { get; init; }

    /// <summary>Bias-corrected accelerated bootstrap interval over the seeds; null for fewer than three.</summary>
    public ConfidenceInterval? BootstrapInterval { get; init; }

    /// <summary>Two-level bootstrap intervals (items in their groups, seeds, and the shuffles of shuffled texts) of accuracy, macro-F1 and Matthews correlation.</summary>
    [JsonInclude]
    internal MetricIntervals? TwoLevelIntervals { get; init; }

    /// <summary>The two-level interval of the accuracy, on which the outcome rests.</summary>
    [JsonIgnore]
    public ConfidenceInterval? Interval => TwoLevelIntervals?.Accuracy;

    /// <summary>Exact two-sided sign-flip p; null when so few seeds cannot reach the plan's level.</summary>
    public double? P { get; init; }

    /// <summary>The p adjusted for all comparisons of the question (Holm).</summary>
    public double? AdjustedP { get; init; }

    /// <summary>The smallest p that this number of seeds can give.</summary>
    public required double SmallestPossibleP { get; init; }

    /// <summary>Whether there are seeds enough for the exact test to reach the plan's level after Holm's correction; if not, the intervals decide.</summary>
    public bool CanReachLevel { get; init; }

    /// <summary>Exact McNemar p of each seed's two models on the same items; of shuffled texts, in the first shuffle.</summary>
    public IReadOnlyList<double> McNemarP { get; init; } = [];

    /// <summary>p of "they differ by at least the margin": small when equivalent. Null when the seeds are too few for a p.</summary>
    public double? EquivalenceP { get; init; }

    /// <summary>Cohen's d of the paired differences; null when they do not vary.</summary>
    public double? EffectSize { get; init; }

    /// <summary>P(first better than second) over the seeds, ties counting half.</summary>
    public required double ProbabilityOfSuperiority { get; init; }

    /// <summary>What may be said at the plan's level.</summary>
    public required ComparisonOutcome Outcome { get; init; }
}

/// <summary>What a comparison asks. Holm's correction runs over the comparisons of one question.</summary>
public enum ComparisonQuestion
{
    /// <summary>What is lost without positions? A scheme against none, the rest alike.</summary>
    Positions,
    /// <summary>Do two schemes differ? Sinusoidal against each other scheme.</summary>
    Schemes,
    /// <summary>What do Shaw's positions lose with another clipping distance? That of the model against the other.</summary>
    Clipping,
    /// <summary>Does a causal mask tell order without positions?</summary>
    Mask,
    /// <summary>What is lost when tokens are shuffled? In order against shuffled.</summary>
    Shuffling,
    /// <summary>What does another encoder reach? Against attention without positions.</summary>
    Encoder,
    /// <summary>What is order worth to a pretrained encoder? Ordered against each variant that no order reaches.</summary>
    Order,
    /// <summary>What are its pretrained positions worth? Ordered against positions drawn anew.</summary>
    PretrainedPositions,
    /// <summary>How far does a shift of the input alone go? One vector for every position against none.</summary>
    InputShift,
    /// <summary>What does a pretrained encoder that was trained on texts in order lose when only the test is changed? Dependence, not worth.</summary>
    Dependence,
}

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
