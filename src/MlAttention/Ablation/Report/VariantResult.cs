using MlAttention.Ablation.Statistics;

namespace MlAttention.Ablation;

/// <summary>One row of the report.</summary>
public sealed record VariantResult
{
    /// <summary>What was trained and tested.</summary>
    public required AblationVariant Variant { get; init; }

    /// <summary>Every seed's figures.</summary>
    public required IReadOnlyList<RunScore> Runs { get; init; }

    /// <summary>Runs that failed.</summary>
    public IReadOnlyList<RunFailure> Failures { get; init; } = [];

    /// <summary>Mean accuracy over the seeds; null when every run failed.</summary>
    public double? MeanAccuracy { get; init; }

    /// <summary>Standard deviation of the accuracy over the seeds; null for fewer than two.</summary>
    public double? AccuracyDeviation { get; init; }

    /// <summary>Mean macro-averaged F1.</summary>
    public double? MeanMacroF1 { get; init; }

    /// <summary>Mean Matthews correlation.</summary>
    public double? MeanMatthewsCorrelation { get; init; }

    /// <summary>Wilson's interval of the accuracy over the test items, at the mean accuracy; without training variance.</summary>
    public ConfidenceInterval? ItemInterval { get; init; }

    /// <summary>Figures of each class.</summary>
    public IReadOnlyList<ClassScore> Classes { get; init; } = [];

    /// <summary>Accuracy by length of the text; only for texts in order.</summary>
    public IReadOnlyList<LengthScore> Lengths { get; init; } = [];

    /// <summary>Share of predictions that change when the tokens are shuffled; only for texts in order.</summary>
    public double? FlipRate { get; init; }

    /// <summary>Share of predictions that change when the text is read backwards; only for texts in order.</summary>
    public double? ReversalFlipRate { get; init; }

    /// <summary>Accuracy on the texts read backwards; only for texts in order.</summary>
    public double? ReversedAccuracy { get; init; }

    /// <summary>The largest change of any logit when the tokens are shuffled; only for texts in order.</summary>
    public double? LargestLogitChange { get; init; }

    /// <summary>Mean cross-entropy of the test texts, in nats; only for texts in order.</summary>
    public double? LogLoss { get; init; }

    /// <summary>Number of trained parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>The engine that trained.</summary>
    public string Engine { get; init; } = "";

    /// <summary>Mean wall time of one training, in seconds.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>Texts longer than the model's maximum.</summary>
    public int TruncatedTexts { get; init; }

    /// <summary>Learning curves; only for texts in order.</summary>
    public IReadOnlyList<LearningCurve> Curves { get; init; } = [];
}
