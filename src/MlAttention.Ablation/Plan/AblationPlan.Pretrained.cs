namespace MlAttention;

// A plan for a pretrained encoder: the same seeds, budget and statistics, with variants of its own.
public sealed partial record AblationPlan
{
    /// <summary>
    /// The pretrained encoder that the plan is about; null trains models from scratch. It sets <see cref="Model"/> to the encoder's
    /// architecture, with at most 128 tokens, and <see cref="PretrainedDetails"/>'s name of it; <see cref="Positions"/>, <see cref="Masks"/>,
    /// <see cref="Encoders"/> and <see cref="Shuffling"/> then play no part. It is not written to reports: a plan that was read back
    /// knows the encoder's identity and needs the encoder again to run.
    /// </summary>
    /// <value>Default null. Begin with <see cref="FullPretrained"/> or <see cref="QuickPretrained"/>, whose budget is one of fine-tuning.</value>
    [JsonIgnore]
    public PretrainedEncoder? Pretrained
    {
        get;
        init
        {
            field = value;
            if (value is null) return;
            Model = value.Architecture with { MaxLength = Math.Min(value.Architecture.MaxLength, LongestText) };
            PretrainedDetails = (PretrainedDetails ?? new()) with { Encoder = PretrainedIdentity.Of(value) };
        }
    }

    /// <summary>The variants and figures of a pretrained encoder's ablation; null for an ablation from scratch.</summary>
    /// <value>Default null.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PretrainedDetails? PretrainedDetails { get; init; }

    /// <summary>The full plan for a pretrained encoder, which is still to be named: <c>AblationPlan.FullPretrained with { Pretrained = encoder }</c>.</summary>
    public static AblationPlan FullPretrained { get; } = new()
    {
        PretrainedDetails = new(),
        Seeds = [1, 2, 3, 4, 5],
        Epochs = 4,
        Patience = 2,
        BatchSize = TrainingOptions.FineTuning.BatchSize,
        LearningRate = TrainingOptions.FineTuning.Optimizer.LearningRate,
        ShuffleSeeds = 10,
        AttentionTexts = 0,
        Baselines = [BaselineKind.Majority, BaselineKind.LengthOnly, BaselineKind.BagOfWords, BaselineKind.BagOfBigrams, BaselineKind.StaticVectors],
    };

    /// <summary>A plan for a pretrained encoder that ends within half an hour for a few thousand short texts: ordered, zero and shuffled, three seeds, ten shuffles, one learning rate.</summary>
    public static AblationPlan QuickPretrained { get; } = FullPretrained with
    {
        PretrainedDetails = new()
        {
            Variants = [PretrainedVariant.Ordered, PretrainedVariant.Zero, PretrainedVariant.Shuffled, PretrainedVariant.TestShuffled],
            LearningRates = [1e-4], // two epochs are few
            Permutations = 10,
        },
        Seeds = [1, 2, 3],
        Epochs = 2,
        BootstrapSamples = 2_000,
    };

    /// <summary>A plan that was read back, with the encoder that it is about.</summary>
    /// <exception cref="ArgumentException">It is another encoder.</exception>
    internal AblationPlan With(PretrainedEncoder encoder)
    {
        var identity = PretrainedIdentity.Of(encoder);
        if (PretrainedDetails?.Encoder is not { } named) throw new ArgumentException("The plan is not one for a pretrained encoder.", nameof(encoder));
        if (identity.Fingerprint != named.Fingerprint) throw new ArgumentException($"The encoder {identity.Name} is not {named.Name}, which the runs were made with: its weights differ (fingerprint {identity.Fingerprint[..16]} instead of {named.Fingerprint[..16]}).", nameof(encoder));
        return this with { Pretrained = encoder, Model = Model, PretrainedDetails = PretrainedDetails };
    }

    /// <summary>Most tokens of a text that a pretrained encoder reads, unless the plan's Model is given another number.</summary>
    private const int LongestText = 128;

    /// <summary>Whether the plan is one for a pretrained encoder, whether that is at hand or not.</summary>
    [JsonIgnore]
    internal bool IsPretrained => PretrainedDetails is not null;

    // Positions that do not fit into the table cannot be tried.
    private IEnumerable<AblationVariant> PretrainedRows() => PretrainedDetails!.Variants
        .Where(variant => variant != PretrainedVariant.TestShifted || Model.PositionDetails.LearnedOffset + Model.MaxLength + PretrainedVariants.Shift <= Model.PositionRows)
        .Select(AblationVariant.Of);

    private SequenceModelOptions PretrainedModelOf(PretrainedVariant variant) => variant switch
    {
        PretrainedVariant.Zero => Model with { Positions = PositionScheme.None },
        PretrainedVariant.Constant => Model with { Positions = PositionScheme.None, TokenTypes = Math.Max(1, Model.TokenTypes) },
        _ => Model,
    };

    private TrainingOptions FineTuningOf(int seed, CancellationToken cancellation) => TrainingOptions.FineTuning with
    {
        Compute = new() { Engine = Engine },
        Epochs = Epochs,
        Patience = Patience,
        BatchSize = BatchSize,
        Seed = seed,
        CancellationToken = cancellation,
    };

    private void ValidatePretrained(OptionErrors errors)
    {
        errors.Require(IsPretrained || !Baselines.Contains(BaselineKind.StaticVectors), nameof(Baselines), BaselineKind.StaticVectors, $"needs a pretrained encoder in {nameof(Pretrained)}");
        if (!IsPretrained) return;
        PretrainedDetails!.Validate(errors);
        errors.Require(PretrainedDetails.Encoder is not null, nameof(Pretrained), "null", "must be the encoder, such as PretrainedEncoder.Load(folder)");
        errors.Require(Model.Positions == PositionScheme.Learned, nameof(Model), Model.Positions, "must have the encoder's learned positions; a variant takes them away");
    }
}
