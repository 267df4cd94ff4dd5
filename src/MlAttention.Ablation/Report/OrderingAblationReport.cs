namespace MlAttention;

/// <summary>The result of an ordering ablation. Immutable; exporters write it, and its JSON holds all of it.</summary>
public sealed record OrderingAblationReport
{
    /// <summary>Version of the JSON schema; a reader refuses another one.</summary>
    public const int CurrentSchema = 1;

    /// <summary>Version of the schema this report was written in.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary>When the report was made, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The plan.</summary>
    public required AblationPlan Plan { get; init; }

    /// <summary>The data.</summary>
    public required AblationDataSummary Data { get; init; }

    /// <summary>On what it ran.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>The variants in the plan's order.</summary>
    public required IReadOnlyList<VariantResult> Variants { get; init; }

    /// <summary>Models without attention.</summary>
    public required IReadOnlyList<BaselineResult> Baselines { get; init; }

    /// <summary>Comparisons between variants.</summary>
    public required IReadOnlyList<VariantComparison> Comparisons { get; init; }

    /// <summary>The invariance theorem, checked on each variant to which it applies.</summary>
    [JsonInclude]
    internal IReadOnlyList<InvarianceProof> Invariance { get; init; } = [];

    /// <summary>Accuracy beyond the trained length, when it was studied.</summary>
    [JsonInclude]
    internal LengthStudy? LengthStudy { get; init; }

    /// <summary>Measured time and memory, when they were studied.</summary>
    [JsonInclude]
    internal ComplexityStudy? ComplexityStudy { get; init; }

    /// <summary>What the heads attend to, when it was studied.</summary>
    [JsonInclude]
    internal AttentionStudy? AttentionStudy { get; init; }

    /// <summary>Whether two methods agree on which words decide; null where nothing was explained, and in reports of versions that did not.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal ContributionStudy? ContributionStudy { get; init; }

    /// <summary>What was measured of a pretrained encoder besides; null for models from scratch.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal PretrainedStudy? Pretrained { get; init; }

    /// <summary>Which test texts are right with and without order; null where nothing was compared.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal TextStudy? Texts { get; init; }

    /// <summary>Models that the page runs itself; null where it cannot carry them or texts are not to be shown.</summary>
    [JsonInclude]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    internal PlaygroundStudy? Playground { get; init; }

    /// <summary>Wall time of the whole ablation in seconds; if it was continued or merged from shards, at least the sum of the trainings.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>
    /// The comparison of the headline; null where there is none. Sinusoidal positions against none, or the first scheme of the plan. Of a
    /// pretrained encoder: ordered against the best of the variants that no order reaches.
    /// </summary>
    [JsonIgnore]
    internal VariantComparison? Main
    {
        get
        {
            if (Pretrained is not null) return Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Order).MinBy(comparison => comparison.MeanDifference);
            VariantComparison[] candidates = [.. Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Positions && comparison.First.Mask == Plan.Masks[0])];
            return candidates.FirstOrDefault(comparison => comparison.First.Positions == PositionScheme.Sinusoidal) ?? candidates.FirstOrDefault();
        }
    }

    /// <summary>The result of a variant, or null.</summary>
    public VariantResult? Find(AblationVariant variant) => Variants.FirstOrDefault(result => result.Variant == variant);
}

/// <summary>The data of an ablation.</summary>
/// <param name="Name">What the user calls it, for example the file's name.</param>
/// <param name="Fingerprint">SHA-256 over tokens and labels of training and test texts, in hexadecimal.</param>
/// <param name="TrainingTexts">Texts for training and early stopping.</param>
/// <param name="TestTexts">Texts for testing.</param>
/// <param name="Classes">Names of the classes.</param>
/// <param name="TestTextsByClass">Test texts of each class.</param>
/// <param name="Vocabulary">Different tokens of the training texts.</param>
/// <param name="UnknownShare">Share of test tokens that the training texts do not have.</param>
/// <param name="TestLengths">Shortest, median and longest test text, in tokens.</param>
/// <param name="TestGroups">Groups of test texts that are kept together; null when every text stands alone.</param>
/// <param name="SkippedRows">Rows without a label, left out.</param>
public sealed record AblationDataSummary(
    string Name, string Fingerprint, int TrainingTexts, int TestTexts, IReadOnlyList<string> Classes, IReadOnlyList<int> TestTextsByClass, int Vocabulary, double UnknownShare,
    IReadOnlyList<int> TestLengths, int? TestGroups = null, int SkippedRows = 0)
{
    private const double ImbalancedShare = 1.5;

    /// <summary>Accuracy of always giving the most frequent class of the test texts.</summary>
    public double Chance => TestTextsByClass.Max() / (double)TestTexts;

    /// <summary>Whether the most frequent class has so many of the test texts, half as many again as in equal classes, that accuracy speaks of it more than of the others.</summary>
    internal bool IsImbalanced => Chance * Classes.Count >= ImbalancedShare;

    /// <summary>The most frequent class of the test texts.</summary>
    internal string LargestClass => Classes[TestTextsByClass.Index().MaxBy(entry => entry.Item).Index];
}

/// <summary>
/// A theorem, checked: bidirectional attention without positions under mean, max or attention pooling gives the same logits for every order
/// of the tokens.
/// </summary>
/// <param name="Variant">The variant to which the theorem applies.</param>
/// <param name="LargestLogitChange">The largest change seen over all test texts, shuffles and seeds.</param>
/// <param name="Bound">What float32 rounding may come to.</param>
internal sealed record InvarianceProof(AblationVariant Variant, double LargestLogitChange, double Bound)
{
    /// <summary>Whether the change stays below the bound.</summary>
    public bool Holds => LargestLogitChange < Bound;
}
