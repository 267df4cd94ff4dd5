namespace MlAttention;

/// <summary>All that an ordering ablation does: which variants, which seeds, which model, which statistics. Immutable; saved in the report.</summary>
public sealed partial record AblationPlan
{
    /// <summary>Position schemes of the attention encoder. <see cref="PositionScheme.None"/> is what the others are compared with.</summary>
    /// <value>Default: all.</value>
    public IReadOnlyList<PositionScheme> Positions { get; init; } = Enum.GetValues<PositionScheme>();

    /// <summary>Masks. The first goes with every position scheme, the others with <see cref="SchemesOfOtherMasks"/>.</summary>
    /// <value>Default: bidirectional and causal.</value>
    public IReadOnlyList<MaskKind> Masks { get; init; } = [MaskKind.Bidirectional, MaskKind.Causal];

    /// <summary>Position schemes that are tried with the masks after the first.</summary>
    /// <value>Default: all that are in <see cref="Positions"/>.</value>
    public IReadOnlyList<PositionScheme> SchemesOfOtherMasks { get; init; } = Enum.GetValues<PositionScheme>();

    /// <summary>Clipping distances of Shaw's relative positions, in tokens, to try beside that of <see cref="Model"/>; with the first mask.</summary>
    /// <value>0 or more; default none. With 0 all distances are alike, so nothing of the order is left.</value>
    public IReadOnlyList<int> ClipDistances { get; init; } = [];

    /// <summary>Encoders. Position schemes and masks belong to attention; each other encoder is one more variant, without positions.</summary>
    /// <value>Default: all.</value>
    public IReadOnlyList<EncoderKind> Encoders { get; init; } = Enum.GetValues<EncoderKind>();

    /// <summary>Which texts are shuffled. Applies to the variants with the first mask.</summary>
    /// <value>Default: all four.</value>
    public IReadOnlyList<TokenShuffling> Shuffling { get; init; } = Enum.GetValues<TokenShuffling>();

    /// <summary>Position schemes that are also trained on shuffled texts: what such training loses is much the same for all schemes.</summary>
    /// <value>Default: none, sinusoidal and rotary, as far as they are in <see cref="Positions"/>.</value>
    public IReadOnlyList<PositionScheme> SchemesOfShuffledTraining { get; init; } = [PositionScheme.None, PositionScheme.Sinusoidal, PositionScheme.Rotary];

    /// <summary>Models without attention.</summary>
    /// <value>Default: the majority class, and linear models on words and on pairs of them.</value>
    public IReadOnlyList<BaselineKind> Baselines { get; init; } = [BaselineKind.Majority, BaselineKind.BagOfWords, BaselineKind.BagOfBigrams, BaselineKind.SdcaMaximumEntropy];

    /// <summary>One run for each seed and setup; a seed fixes dev split, data order and initial weights for all variants alike.</summary>
    /// <value>Different numbers, at most 24; default 1 to 10. Fewer than 6 cannot give a p-value of 0.05.</value>
    public IReadOnlyList<int> Seeds { get; init; } = [.. Enumerable.Range(1, 10)];

    /// <summary>The classifier; its Positions, Mask and Encoder are set by the variants.</summary>
    public SequenceModelOptions Model { get; init; } = new();

    /// <summary>Most epochs of a run.</summary>
    /// <value>At least 1; default 12.</value>
    public int Epochs { get; init; } = 12;

    /// <summary>Epochs without a better dev loss after which a run ends. The best epoch's weights are tested.</summary>
    /// <value>At least 1; default 6.</value>
    public int Patience { get; init; } = 6;

    /// <summary>Texts in a batch.</summary>
    /// <value>At least 1; default 32.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Peak learning rate.</summary>
    /// <value>Greater than 0; default 0.002.</value>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>What runs the models.</summary>
    /// <value>Default <see cref="EngineKind.Auto"/>.</value>
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    /// <summary>Share of the training texts set apart for early stopping; test texts are never used for a choice.</summary>
    /// <value>Above 0 and below 1; default 0.1.</value>
    public double DevFraction { get; init; } = 0.1;

    /// <summary>Share of the texts set apart for testing where training and test texts come as one.</summary>
    /// <value>Above 0 and below 1; default 0.2.</value>
    public double TestFraction { get; init; } = 0.2;

    /// <summary>About how many training texts are used, where there are more: of each label its share, or whole groups. Null uses all.</summary>
    /// <value>At least 1; default null.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TrainingTexts { get; init; }

    /// <summary>About how many test texts are used, likewise.</summary>
    /// <value>At least 1; default null.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? TestTexts { get; init; }

    /// <summary>Chooses the test texts, and which texts are used where not all are, for all seeds alike.</summary>
    /// <value>Default 1.</value>
    public int SplitSeed { get; init; } = 1;

    /// <summary>Column whose equal values are never divided between training, dev and test texts; null means that every text stands alone.</summary>
    /// <value>Default null.</value>
    public string? GroupColumn { get; init; }

    /// <summary>Column of the texts.</summary>
    /// <value>Default "Text".</value>
    public string TextColumn { get; init; } = "Text";

    /// <summary>Columns whose texts are read together, such as a question and its answer, in place of <see cref="TextColumn"/>.</summary>
    /// <value>2 or more different columns, or null for one; default null.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? TextColumns { get; init; }

    /// <summary>Of texts of several columns, the parts in which words are shuffled, sorted and reversed. What takes positions away takes them from all.</summary>
    /// <value>Default <see cref="OrderedParts.All"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public OrderedParts OrderedParts { get; init; }

    /// <summary>Column of the labels.</summary>
    /// <value>Default "Label".</value>
    public string LabelColumn { get; init; } = "Label";

    /// <summary>Random orders in which each test text is tried.</summary>
    /// <value>At least 1; default 5.</value>
    public int ShuffleSeeds { get; init; } = 5;

    /// <summary>Test texts whose attention weights the report shows, for the first seed and mask of each position scheme. Needs TorchSharp.</summary>
    /// <value>0 or more; default 1.</value>
    public int AttentionTexts { get; init; } = 1;

    /// <summary>Difference in accuracy below which two variants count as equal; chosen before the runs.</summary>
    /// <value>Above 0 and below 1; default 0.01, one point.</value>
    public double EquivalenceMargin { get; init; } = 0.01;

    /// <summary>Level of all intervals.</summary>
    /// <value>Above 0 and below 1; default 0.95.</value>
    public double ConfidenceLevel { get; init; } = 0.95;

    /// <summary>Samples of each bootstrap.</summary>
    /// <value>At least 100; default 10,000.</value>
    public int BootstrapSamples { get; init; } = 10_000;

    /// <summary>A plan that ends in minutes: three seeds, all position schemes, none with a causal mask too, no shuffled training, no other encoders.</summary>
    public static AblationPlan Quick { get; } = new()
    {
        Seeds = [1, 2, 3],
        SchemesOfOtherMasks = [PositionScheme.None],
        Encoders = [EncoderKind.Attention],
        Epochs = 8,
        Shuffling = [TokenShuffling.None, TokenShuffling.Test],
        BootstrapSamples = 2_000,
    };

    /// <summary>The rows of the report, in order.</summary>
    public IReadOnlyList<AblationVariant> Variants()
    {
        if (IsPretrained) return [.. PretrainedRows()];
        var variants = new List<AblationVariant>();
        foreach (var shuffling in Shuffling)
            foreach (var mask in shuffling == TokenShuffling.None ? Masks : Masks.Take(1))
                foreach (var encoder in Encoders)
                {
                    if (encoder == EncoderKind.Attention) variants.AddRange(SchemesOf(mask, shuffling).SelectMany(scheme => WithClipDistances(new(scheme, mask, encoder, shuffling))));
                    else if (mask == Masks[0]) variants.Add(new(PositionScheme.None, MaskKind.Bidirectional, encoder, shuffling));
                }
        return variants;
    }

    private IEnumerable<PositionScheme> SchemesOf(MaskKind mask, TokenShuffling shuffling) => Positions.Where(scheme =>
        (mask == Masks[0] || SchemesOfOtherMasks.Contains(scheme))
        && (shuffling is TokenShuffling.None or TokenShuffling.Test || SchemesOfShuffledTraining.Contains(scheme)));

    private IEnumerable<AblationVariant> WithClipDistances(AblationVariant variant)
    {
        yield return variant;
        if (variant.Positions != PositionScheme.ShawRelative || variant.Mask != Masks[0] || variant.Shuffling != TokenShuffling.None) yield break;
        foreach (int distance in ClipDistances) yield return variant with { ClipDistance = distance };
    }

    /// <summary>The different setups to train, in order.</summary>
    internal IReadOnlyList<AblationSetup> Setups() => [.. Variants().Select(variant => variant.Setup).Distinct()];

    /// <summary>The model of a setup.</summary>
    internal SequenceModelOptions ModelOf(AblationSetup setup) => setup.Pretrained is { } variant ? PretrainedModelOf(variant) : Model with
    {
        Positions = setup.Positions,
        PositionDetails = setup.ClipDistance is { } distance ? Model.PositionDetails with { ClipDistance = distance } : Model.PositionDetails,
        Mask = setup.Mask,
        Encoder = setup.Encoder,
    };

    /// <summary>How the models of a seed are trained.</summary>
    internal TrainingOptions TrainingOf(int seed, CancellationToken cancellation) => IsPretrained ? FineTuningOf(seed, cancellation) : new()
    {
        Compute = new() { Engine = Engine },
        Optimizer = new() { LearningRate = LearningRate, WeightDecay = 0.01 },
        Epochs = Epochs,
        Patience = Patience,
        BatchSize = BatchSize,
        LabelSmoothing = 0,
        RareTokenDropout = 0,
        Seed = seed,
        CancellationToken = cancellation,
    };

    /// <summary>Checks the whole plan, so that it fails before the first run and not in the last.</summary>
    /// <exception cref="ArgumentException">Something is wrong; the message lists everything that is.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(AblationPlan));
        RequireList(errors, nameof(Positions), Positions);
        RequireList(errors, nameof(Masks), Masks);
        RequireList(errors, nameof(Encoders), Encoders);
        RequireList(errors, nameof(Shuffling), Shuffling);
        RequireList(errors, nameof(Seeds), Seeds);
        RequireDistinct(errors, nameof(ClipDistances), ClipDistances);
        errors.Require(ClipDistances.All(distance => distance >= 0), nameof(ClipDistances), string.Join(',', ClipDistances), "must be 0 or more tokens");
        errors.Require(!ClipDistances.Contains(Model.PositionDetails.ClipDistance), nameof(ClipDistances), string.Join(',', ClipDistances), $"must not name {Model.PositionDetails.ClipDistance}, which Shaw's positions have anyway");
        errors.Require(ClipDistances.Count == 0 || Positions.Contains(PositionScheme.ShawRelative), nameof(ClipDistances), string.Join(',', ClipDistances), $"needs {PositionScheme.ShawRelative} in {nameof(Positions)}");
        RequireDistinct(errors, nameof(Baselines), Baselines);
        errors.Require(Seeds.Count <= SignFlipTest.MaxPairs, nameof(Seeds), $"{Seeds.Count} seeds", $"must be at most {SignFlipTest.MaxPairs}, so that the exact test can be computed");
        errors.Require(Model.Task == TaskKind.SingleLabel, nameof(SequenceModelOptions.Task), Model.Task, $"must be {TaskKind.SingleLabel}: an ablation compares how many texts have their one label right");
        errors.Require(Epochs >= 1, nameof(Epochs), Epochs, "must be at least 1");
        errors.Require(Patience >= 1, nameof(Patience), Patience, "must be at least 1 epoch");
        errors.Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "must be at least 1");
        errors.Require(LearningRate > 0, nameof(LearningRate), LearningRate, "must be greater than 0");
        errors.Require(DevFraction is > 0 and < 1, nameof(DevFraction), DevFraction, "must be above 0 and below 1");
        errors.Require(TestFraction is > 0 and < 1, nameof(TestFraction), TestFraction, "must be above 0 and below 1");
        errors.Require(TrainingTexts is null or >= 1, nameof(TrainingTexts), TrainingTexts ?? 0, "must be at least 1 text");
        errors.Require(TestTexts is null or >= 1, nameof(TestTexts), TestTexts ?? 0, "must be at least 1 text");
        errors.Require(ShuffleSeeds >= 1, nameof(ShuffleSeeds), ShuffleSeeds, "must be at least 1");
        errors.Require(AttentionTexts >= 0, nameof(AttentionTexts), AttentionTexts, "must be 0 or more");
        errors.Require(EquivalenceMargin is > 0 and < 1, nameof(EquivalenceMargin), EquivalenceMargin, "must be above 0 and below 1");
        errors.Require(ConfidenceLevel is > 0 and < 1, nameof(ConfidenceLevel), ConfidenceLevel, "must be above 0 and below 1");
        errors.Require(BootstrapSamples >= 100, nameof(BootstrapSamples), BootstrapSamples, "must be at least 100");
        errors.Require(!string.IsNullOrEmpty(TextColumn), nameof(TextColumn), TextColumn, "must name a column");
        errors.Require(!string.IsNullOrEmpty(LabelColumn), nameof(LabelColumn), LabelColumn, "must name a column");
        ValidateParts(errors);
        ValidatePretrained(errors);
        foreach (string modelError in Setups().Select(setup => ErrorOf(ModelOf(setup))).OfType<string>().Distinct()) errors.Require(false, nameof(Model), "the model", modelError);
        errors.ThrowIfAny();
    }

    private void ValidateParts(OptionErrors errors)
    {
        errors.Require(Enum.IsDefined(OrderedParts), nameof(OrderedParts), OrderedParts, "is no choice of parts");
        errors.Require(TextColumns is not null || OrderedParts == OrderedParts.All, nameof(OrderedParts), OrderedParts, $"needs texts of several columns in {nameof(TextColumns)}");
        errors.Require(TextColumns is null or { Count: >= 2 }, nameof(TextColumns), string.Join(',', TextColumns ?? []), "must name at least 2 columns; TextColumn names one");
        RequireDistinct(errors, nameof(TextColumns), TextColumns ?? []);
    }

    private static string? ErrorOf(SequenceModelOptions model)
    {
        try
        {
            model.Validate();
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    private static void RequireList<T>(OptionErrors errors, string name, IReadOnlyList<T> values)
    {
        errors.Require(values.Count > 0, name, "empty", "must name at least one");
        RequireDistinct(errors, name, values);
    }

    private static void RequireDistinct<T>(OptionErrors errors, string name, IReadOnlyList<T> values) =>
        errors.Require(values.Distinct().Count() == values.Count, name, string.Join(',', values), "must not name one twice");
}
