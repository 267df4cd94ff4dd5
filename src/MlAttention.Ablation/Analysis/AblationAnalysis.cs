namespace MlAttention.Ablation.Analysis;

/// <summary>From runs to a report. Of training there are the baselines alone, and no time is measured, so the same runs always give the same figures.</summary>
internal sealed class AblationAnalysis
{
    private const double InvarianceBound = 1e-5;
    private readonly AblationPlan _plan;
    private readonly AblationData _data;
    private readonly Dictionary<AblationSetup, AblationRun[]> _runs;

    /// <summary>Prepares for the runs of a plan on its data.</summary>
    public AblationAnalysis(AblationPlan plan, AblationData data, IReadOnlyList<AblationRun> runs)
    {
        (_plan, _data) = (plan, data);
        RunBaseline = (kind, seed) => BaselineRunner.Run(kind, data, seed, plan.Pretrained);
        _runs = runs.GroupBy(run => run.Setup).ToDictionary(setup => setup.Key, setup => setup.OrderBy(run => run.Seed).ToArray());
    }

    /// <summary>Whether test texts may stand in the report.</summary>
    public bool ListsTexts { get; init; } = true;

    /// <summary>A baseline's predictions and parameters with a seed; tests keep what they have trained once.</summary>
    internal Func<BaselineKind, int, (int[] Predictions, int Parameters)> RunBaseline { get; init; }

    /// <summary>Makes the report.</summary>
    public OrderingAblationReport Report(AblationDataSummary summary, RunEnvironment environment, DateTimeOffset created, double wallSeconds)
    {
        var variants = _plan.Variants();
        OrderingAblationReport report = new()
        {
            Created = created,
            Plan = _plan,
            Data = summary,
            Environment = environment,
            Variants = [.. variants.Select(variant => new VariantAnalysis(variant, RunsOf(variant), _data).Result(_plan.ConfidenceLevel))],
            Baselines = [.. _plan.Baselines.Select(Baseline)],
            Comparisons = new ComparisonAnalysis(_plan, _data, RunsOf).All(),
            Invariance = [.. variants.Where(IsInvariant).Where(variant => Finished(variant).Length > 0).Select(Invariance)],
            AttentionStudy = Attention(),
            ContributionStudy = Contributions(),
            Pretrained = _plan.IsPretrained ? new PretrainedAnalysis(_plan, _data, Finished).Study() : null,
            WallSeconds = wallSeconds,
        };
        return report.Main is not { } main ? report : report with
        {
            Texts = new TextAnalysis(_data, Finished).Study(main, ListsTexts),
            Playground = ListsTexts ? new PlaygroundAnalysis(_plan, _data, Finished).Study(main) : null,
        };
    }

    private AttentionStudy? Attention()
    {
        AttentionPattern[] patterns = [.. _plan.Setups().SelectMany(setup => _runs.GetValueOrDefault(setup, [])).SelectMany(run => run.Attention)];
        return patterns.Length == 0 ? null : new(ListsTexts ? patterns : [.. patterns.Select(pattern => pattern.WithoutText())]);
    }

    private ContributionStudy? Contributions()
    {
        ContributionAgreement[] variants = [.. _plan.Setups().SelectMany(setup => _runs.GetValueOrDefault(setup, [])).Select(run => run.Contributions).OfType<ContributionAgreement>()];
        return variants.Length == 0 ? null : new(variants);
    }

    private AblationRun[] RunsOf(AblationVariant variant) => _runs.GetValueOrDefault(variant.Setup, []);

    private AblationRun[] Finished(AblationVariant variant) => [.. RunsOf(variant).Where(run => run.Failure is null)];

    private bool IsInvariant(AblationVariant variant) =>
        variant is { IsOrderBlind: true, Shuffling: TokenShuffling.None, Pretrained: null } && _plan.Model.Pooling != PoolingKind.Last;

    private InvarianceProof Invariance(AblationVariant variant) => new(variant, Finished(variant).Max(run => run.LargestLogitChange), InvarianceBound);

    private BaselineResult Baseline(BaselineKind kind)
    {
        var seeds = kind == BaselineKind.SdcaMaximumEntropy ? _plan.Seeds : _plan.Seeds.Take(1); // the others have no chance in them
        var runs = seeds.Select(seed => (Seed: seed, Result: RunBaseline(kind, seed))).ToArray();
        RunScore[] scores = [.. runs.Select(run => VariantAnalysis.Score(run.Seed, [run.Result.Predictions], _data.Test))];
        return new(kind, scores, Sample.Mean([.. scores.Select(score => score.Accuracy)]), runs[0].Result.Parameters);
    }
}
