namespace MlAttention.Ablation;

/// <summary>The result of an ordering ablation. Immutable; the exporters of MlAttention.Reporting write it, and its JSON holds all of it.</summary>
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
    public required IReadOnlyList<InvarianceProof> Invariance { get; init; }

    /// <summary>Accuracy beyond the trained length, when it was studied.</summary>
    public LengthStudy? LengthStudy { get; init; }

    /// <summary>Measured time and memory, when they were studied.</summary>
    public ComplexityStudy? ComplexityStudy { get; init; }

    /// <summary>What the heads attend to, when it was studied.</summary>
    public AttentionStudy? AttentionStudy { get; init; }

    /// <summary>Wall time of the whole ablation in seconds; if it was continued or merged from shards, at least the sum of the trainings.</summary>
    public required double WallSeconds { get; init; }

    /// <summary>The result of a variant, or null.</summary>
    public VariantResult? Find(AblationVariant variant) => Variants.FirstOrDefault(result => result.Variant == variant);
}
