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

    /// <summary>Wall time of the whole ablation in seconds; if it was continued or merged from shards, at least the sum of the trainings.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The result of a variant, or null.</summary>
    public VariantResult? Find(AblationVariant variant) => Variants.FirstOrDefault(result => result.Variant == variant);
}

/// <summary>The data of an ablation.</summary>
public sealed record AblationDataSummary
{
    /// <summary>What the user calls it, for example the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 over tokens and labels of training and test texts, in hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Texts for training and early stopping.</summary>
    public required int TrainingTexts { get; init; }

    /// <summary>Texts for testing.</summary>
    public required int TestTexts { get; init; }

    /// <summary>Names of the classes.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Test texts of each class.</summary>
    public required IReadOnlyList<int> TestTextsByClass { get; init; }

    /// <summary>Different tokens of the training texts.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Share of test tokens that the training texts do not have.</summary>
    public required double UnknownShare { get; init; }

    /// <summary>Shortest, median and longest test text, in tokens.</summary>
    public required IReadOnlyList<int> TestLengths { get; init; }

    /// <summary>Groups of test texts that are kept together; null when every text stands alone.</summary>
    public int? TestGroups { get; init; }

    /// <summary>Rows without a label, left out.</summary>
    public int SkippedRows { get; init; }

    /// <summary>Accuracy of always giving the most frequent class of the test texts.</summary>
    public double Chance => TestTextsByClass.Max() / (double)TestTexts;
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
