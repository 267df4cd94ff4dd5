namespace MlAttention;

/// <summary>One row of the report.</summary>
public sealed record VariantResult
{
    /// <summary>What was trained and tested.</summary>
    public required AblationVariant Variant { get; init; }

    /// <summary>Every seed's figures.</summary>
    public required IReadOnlyList<RunScore> Runs { get; init; }

    /// <summary>Runs that failed.</summary>
    [JsonInclude]
    internal IReadOnlyList<RunFailure> Failures { get; init; } = [];

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
    [JsonInclude]
    internal IReadOnlyList<ClassScore> Classes { get; init; } = [];

    /// <summary>Accuracy by length of the text; only for texts in order.</summary>
    [JsonInclude]
    internal IReadOnlyList<LengthScore> Lengths { get; init; } = [];

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
    [JsonInclude]
    internal IReadOnlyList<LearningCurve> Curves { get; init; } = [];
}

/// <summary>A model without attention on the same texts.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Runs">Every seed's figures; one for a baseline without chance in it.</param>
/// <param name="MeanAccuracy">Mean accuracy over the seeds.</param>
/// <param name="Parameters">Number of parameters.</param>
public sealed record BaselineResult(BaselineKind Kind, IReadOnlyList<RunScore> Runs, double MeanAccuracy, int Parameters)
{
    /// <summary>The name for tables.</summary>
    public string Name => Kind switch
    {
        BaselineKind.Majority => "majority class",
        BaselineKind.BagOfWords => "bag of words",
        BaselineKind.BagOfBigrams => "bag of words + bigrams",
        BaselineKind.LengthOnly => "length only",
        BaselineKind.StaticVectors => "mean of static piece vectors",
        _ => "SDCA, words + bigrams",
    };
}

/// <summary>The figures of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Accuracy">Share of test texts that are right; with shuffled test texts, the mean over the shuffle seeds.</param>
/// <param name="MacroF1">Mean of the classes' F1.</param>
/// <param name="MatthewsCorrelation">Matthews' correlation for any number of classes.</param>
public sealed record RunScore(int Seed, double Accuracy, double MacroF1, double MatthewsCorrelation);

/// <summary>A run that failed; it is left out of all figures.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Message">What happened.</param>
internal sealed record RunFailure(int Seed, string Message);

/// <summary>The figures of one class, averaged over the seeds.</summary>
/// <param name="Name">The class.</param>
/// <param name="Precision">Of the texts predicted as the class, the share that belongs to it.</param>
/// <param name="Recall">Of the texts of the class, the share predicted as it.</param>
/// <param name="F1">2 precision recall / (precision + recall).</param>
internal sealed record ClassScore(string Name, double Precision, double Recall, double F1);

/// <summary>Accuracy on the test texts of some lengths.</summary>
/// <param name="Shortest">Fewest tokens.</param>
/// <param name="Longest">Most tokens.</param>
/// <param name="Texts">How many test texts have such a length.</param>
/// <param name="Accuracy">Share that is right, averaged over the seeds.</param>
/// <param name="Deviation">Standard deviation over the seeds; null where it was not computed or for one seed.</param>
internal sealed record LengthScore(int Shortest, int Longest, int Texts, double Accuracy, double? Deviation = null);

/// <summary>The epochs of one run.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="BestEpoch">The epoch whose weights were tested.</param>
/// <param name="Epochs">All epochs.</param>
internal sealed record LearningCurve(int Seed, int BestEpoch, IReadOnlyList<EpochRecord> Epochs);

/// <summary>One epoch of a run.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainingLoss">Mean cross-entropy of the training texts during the epoch, in nats.</param>
/// <param name="DevLoss">Mean cross-entropy of the dev texts after the epoch, in nats.</param>
/// <param name="DevAccuracy">Share of the dev texts that are right after the epoch.</param>
internal sealed record EpochRecord(int Epoch, double TrainingLoss, double? DevLoss, double? DevAccuracy);
