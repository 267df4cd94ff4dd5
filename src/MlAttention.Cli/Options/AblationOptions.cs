namespace MlAttention.Cli.Options;

/// <summary>The options that make an <see cref="AblationPlan"/>. What is not given stays as the full or the quick plan has it.</summary>
internal sealed class AblationOptions
{
    private static readonly AblationPlan s_full = new();
    private readonly Option<bool> _quick = new("--quick") { Description = "A first look in minutes: 3 seeds, 8 epochs, all position schemes, a causal mask for none only, no shuffled training, attention only. With --pretrained: ordered, zero and shuffled, 3 seeds, 10 shuffles, one learning rate." };
    private readonly PretrainedOptions _pretrained = new();
    private readonly Option<string[]> _variants = Several("--variants", "With --pretrained, what is done to the order: " + ModelOptions.Names<PretrainedVariant>() + ".");
    private readonly Option<int?> _permutations = CommonOptions.Number<int>("--permutations", FormattableString.Invariant($"With --pretrained, random orders of each of {AblationPlan.FullPretrained.PretrainedDetails!.PermutationTexts} texts; by default {AblationPlan.FullPretrained.PretrainedDetails.Permutations}, with --quick {AblationPlan.QuickPretrained.PretrainedDetails!.Permutations}."));
    private readonly Option<string[]> _positions = Several("--positions", "Position schemes: " + ModelOptions.Names<PositionScheme>() + ".");
    private readonly Option<string[]> _masks = Several("--masks", "Masks: " + ModelOptions.Names<MaskKind>() + ".");
    private readonly Option<string[]> _clips = Several("--clip-distances", "Clipping distances of Shaw's relative positions to try beside the usual one, for example 0,2.");
    private readonly Option<string[]> _encoders = Several("--encoders", "Encoders: " + ModelOptions.Names<EncoderKind>() + ".");
    private readonly Option<string[]> _shuffling = Several("--shuffling", "Which texts are shuffled: " + ModelOptions.Names<TokenShuffling>() + ".");
    private readonly Option<string[]> _shuffledTraining = Several("--shuffled-training", "Position schemes that are also trained on shuffled texts, where --shuffling says train or both.");
    private readonly Option<string[]> _baselines = Several("--baselines", "Models without attention: " + ModelOptions.Names<BaselineKind>() + ".");
    private readonly Option<string> _seeds = new("--seeds") { Description = "How many seeds, or a list: 10 means 1 to 10; 3,5,8 means these." };
    private readonly Option<int?> _splitSeed = CommonOptions.Number<int>("--seed", "Chooses the test texts; the runs' own seeds are --seeds.");
    private readonly ModelOptions _model = new($"{s_full.Epochs}, with --quick {AblationPlan.Quick.Epochs}", $"{s_full.Patience}", $"{s_full.BatchSize}", ReportText.Number(s_full.LearningRate));
    private readonly Option<double?> _margin = CommonOptions.Number<double>("--margin", "Difference in accuracy below which two variants count as equal, for example 0.01.");
    private readonly Option<double?> _testFraction = CommonOptions.Number<double>("--test-fraction", "Share of the texts for testing.");

    private readonly Option<int?> _trainingTexts = CommonOptions.Number<int>("--training-texts", "Use about so many training texts where there are more: of each label its share, or whole groups.");
    private readonly Option<int?> _testTexts = CommonOptions.Number<int>("--test-texts", "Use about so many test texts where there are more, likewise.");

    private readonly Option<string?> _parts = new("--parts") { Description = $"With --pairs, the texts whose order is tried: {ModelOptions.Names<OrderedParts>()}; by default all." };

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> Options =>
        [_quick, _pretrained.EncoderOption, _variants, _permutations, _positions, _clips, _masks, _encoders, _shuffling, _shuffledTraining, _baselines, _parts, _seeds, _splitSeed, _margin, _testFraction, _trainingTexts, _testTexts, .. _model.Options];

    /// <summary>Whether the command line names a pretrained encoder.</summary>
    public bool IsPretrained(ParseResult parsed) => parsed.GetResult(_pretrained.EncoderOption) is not null;

    /// <summary>The plan that the command line asks for.</summary>
    /// <exception cref="InputException">A value is not one of those allowed.</exception>
    public AblationPlan Plan(ParseResult parsed)
    {
        if (_pretrained.Load(parsed) is { } encoder) return Pretrained(parsed, encoder);
        if (new Option[] { _variants, _permutations }.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } without)
            throw new InputException($"{without.Name} is for a pretrained encoder; name one with {_pretrained.EncoderOption.Name}.");
        var plan = parsed.GetValue(_quick) ? AblationPlan.Quick : s_full;
        return Common(parsed, plan) with
        {
            Positions = Choices(parsed, _positions, plan.Positions),
            ClipDistances = Values(parsed, _clips, plan.ClipDistances, Distance),
            Masks = Choices(parsed, _masks, plan.Masks),
            Encoders = Choices(parsed, _encoders, plan.Encoders),
            Shuffling = Choices(parsed, _shuffling, plan.Shuffling),
            SchemesOfShuffledTraining = Choices(parsed, _shuffledTraining, plan.SchemesOfShuffledTraining),
            LearningRate = parsed.GetValue(_model.LearningRate) ?? plan.LearningRate,
        };
    }

    private AblationPlan Common(ParseResult parsed, AblationPlan plan) => plan with
    {
        Baselines = Choices(parsed, _baselines, plan.Baselines),
        Seeds = Seeds(parsed.GetValue(_seeds)) ?? plan.Seeds,
        SplitSeed = parsed.GetValue(_splitSeed) ?? plan.SplitSeed,
        Epochs = parsed.GetValue(_model.Epochs) ?? plan.Epochs,
        Patience = parsed.GetValue(_model.Patience) ?? plan.Patience,
        BatchSize = parsed.GetValue(_model.BatchSize) ?? plan.BatchSize,
        Engine = _model.Engine(parsed),
        EquivalenceMargin = parsed.GetValue(_margin) ?? plan.EquivalenceMargin,
        TestFraction = parsed.GetValue(_testFraction) ?? plan.TestFraction,
        TrainingTexts = parsed.GetValue(_trainingTexts),
        TestTexts = parsed.GetValue(_testTexts),
        OrderedParts = parsed.GetValue(_parts) is { } parts ? ModelOptions.Choice<OrderedParts>(parts, _parts.Name) : plan.OrderedParts,
        Model = _model.Architecture(parsed, plan.Model),
    };

    private AblationPlan Pretrained(ParseResult parsed, PretrainedEncoder encoder)
    {
        _pretrained.RequireNone(parsed, [_positions, _clips, _masks, _encoders, _shuffling, _shuffledTraining, .. _model.Settled]);
        var plan = Common(parsed, (parsed.GetValue(_quick) ? AblationPlan.QuickPretrained : AblationPlan.FullPretrained) with { Pretrained = encoder });
        var details = plan.PretrainedDetails!;
        return plan with
        {
            Model = plan.Model with { Pooling = PretrainedOptions.Pooling(plan.Model.Pooling) },
            PretrainedDetails = details with
            {
                Variants = Choices(parsed, _variants, details.Variants),
                Permutations = parsed.GetValue(_permutations) ?? details.Permutations,
                LearningRates = parsed.GetValue(_model.LearningRate) is { } rate ? [rate] : details.LearningRates,
            },
        };
    }

    private static IReadOnlyList<T> Choices<T>(ParseResult parsed, Option<string[]> option, IReadOnlyList<T> otherwise) where T : struct, Enum =>
        Values(parsed, option, otherwise, text => ModelOptions.Choice<T>(text, option.Name));

    private static IReadOnlyList<T> Values<T>(ParseResult parsed, Option<string[]> option, IReadOnlyList<T> otherwise, Func<string, T> read) =>
        parsed.GetResult(option) is null ? otherwise : [.. parsed.GetValue(option)!.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(read)];

    private int Distance(string text) => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int distance) ? distance
        : throw new InputException($"{_clips.Name} {text}: must be a whole number of tokens from 0.");

    private static int[]? Seeds(string? text)
    {
        if (text is null) return null;
        string[] parts = text.Split(',');
        int[] numbers = [.. parts.Select(part => int.TryParse(part, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int number) ? number : throw new InputException($"--seeds {text}: '{part}' is no whole number. Give a count (10) or a list (3,5,8)."))];
        return numbers.Length > 1 ? numbers : numbers[0] >= 1 ? [.. Enumerable.Range(1, numbers[0])] : throw new InputException($"--seeds {text}: at least 1 seed is needed.");
    }

    private static Option<string[]> Several(string name, string description) => new(name) { Description = description + " Several are separated by commas.", AllowMultipleArgumentsPerToken = false };
}
