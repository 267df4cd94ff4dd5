namespace MlAttention.Ablation.Runs;

/// <summary>What one training gave: the predictions of one setup with one seed on the test texts, in order and otherwise.</summary>
internal sealed record AblationRun
{
    /// <summary>What was trained.</summary>
    public required AblationSetup Setup { get; init; }

    /// <summary>The seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Why the run failed; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The engine that trained.</summary>
    public string Engine { get; init; } = "";

    /// <summary>Number of trained parameters.</summary>
    public long Parameters { get; init; }

    /// <summary>Wall time of training, in seconds.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>The epochs.</summary>
    public IReadOnlyList<EpochRecord> Epochs { get; init; } = [];

    /// <summary>The epoch whose weights were tested.</summary>
    public int BestEpoch { get; init; }

    /// <summary>Texts of training and test that were longer than the model's maximum.</summary>
    public int TruncatedTexts { get; init; }

    /// <summary>Predicted class of each test text.</summary>
    public int[] Predictions { get; init; } = [];

    /// <summary>The probability of each test text's label in the arrangement on which the setup is tested, as <see cref="Runs.LabelProbabilities"/> writes it; null in runs of versions that kept none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? LabelProbabilities { get; init; }

    /// <summary>Predicted class of each test text with its tokens shuffled, one array for each shuffle seed.</summary>
    public IReadOnlyList<int[]> ShuffledPredictions { get; init; } = [];

    /// <summary>Predicted class of each test text read backwards.</summary>
    public int[] ReversedPredictions { get; init; } = [];

    /// <summary>Mean cross-entropy of the test texts, in nats.</summary>
    public double LogLoss { get; init; }

    /// <summary>The largest change of any logit when the tokens of test texts are shuffled.</summary>
    public double LargestLogitChange { get; init; }

    /// <summary>What the heads attend to in a few test texts; read for the first seed of attention variants that the plan asks for.</summary>
    public IReadOnlyList<AttentionPattern> Attention { get; init; } = [];

    /// <summary>Whether two methods agree on which words decide; of the runs that <see cref="Attention"/> is read for, else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ContributionAgreement? Contributions { get; init; }

    /// <summary>The weights as <see cref="HalfWeights"/> writes them; of the first seed of attention variants that a page can carry and run, else null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Weights { get; init; }

    /// <summary>Of a pretrained encoder, what else was measured; null for a model from scratch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainedRun? Pretrained { get; init; }
}
