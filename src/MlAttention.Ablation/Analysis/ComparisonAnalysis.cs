namespace MlAttention.Ablation.Analysis;

/// <summary>Compares pairs of variants that ran with the same seeds on the same texts.</summary>
internal sealed class ComparisonAnalysis(AblationPlan plan, AblationData data, Func<AblationVariant, AblationRun[]> runsOf)
{
    private const long BootstrapSeed = 1;
    private readonly PairedBootstrap _bootstrap = new(data.Test.Labels, data.Test.Groups, data.Test.ClassCount);

    /// <summary>All comparisons that the plan's variants allow, with Holm's correction within each question.</summary>
    public IReadOnlyList<VariantComparison> All()
    {
        var compared = (plan.IsPretrained ? PretrainedPairs(plan.Variants()) : Pairs(plan.Variants()))
            .Select(pair => (pair.Question, pair.First, pair.Second, Seeds: CommonSeeds(pair.First, pair.Second)))
            .Where(pair => pair.Seeds.Count > 0)
            .Select(pair => Compare(pair.Question, pair.First, pair.Second, pair.Seeds));
        return [.. compared.GroupBy(comparison => comparison.Question).SelectMany(question => Adjusted([.. question])).Select(comparison => comparison with { Outcome = OutcomeOf(comparison) })];
    }

    private static IEnumerable<(ComparisonQuestion Question, AblationVariant First, AblationVariant Second)> PretrainedPairs(IReadOnlyList<AblationVariant> variants)
    {
        var ordered = AblationVariant.Of(PretrainedVariant.Ordered);
        foreach (var variant in variants)
        {
            var done = variant.Pretrained!.Value;
            if (done.IsTestOnly()) yield return (ComparisonQuestion.Dependence, ordered, variant);
            else if (done.IsWithoutOrder()) yield return (ComparisonQuestion.Order, ordered, variant);
            else if (done == PretrainedVariant.Fresh) yield return (ComparisonQuestion.PretrainedPositions, ordered, variant);
        }
        var (constant, zero) = (AblationVariant.Of(PretrainedVariant.Constant), AblationVariant.Of(PretrainedVariant.Zero));
        if (variants.Contains(constant) && variants.Contains(zero)) yield return (ComparisonQuestion.InputShift, constant, zero);
    }

    private static IEnumerable<(ComparisonQuestion Question, AblationVariant First, AblationVariant Second)> Pairs(IReadOnlyList<AblationVariant> variants)
    {
        var reference = new AblationVariant(PositionScheme.None);
        foreach (var variant in variants)
        {
            if (variant.Shuffling != TokenShuffling.None)
            {
                if (Has(variant with { Shuffling = TokenShuffling.None })) yield return (ComparisonQuestion.Shuffling, variant with { Shuffling = TokenShuffling.None }, variant);
                continue;
            }
            if (variant.Encoder != EncoderKind.Attention)
            {
                if (Has(reference)) yield return (ComparisonQuestion.Encoder, variant, reference);
                continue;
            }
            if (variant.Positions != PositionScheme.None && Has(variant.WithoutPositions)) yield return (ComparisonQuestion.Positions, variant, variant.WithoutPositions);
            if (variant.ClipDistance is not null)
            {
                yield return (ComparisonQuestion.Clipping, variant with { ClipDistance = null }, variant);
                continue;
            }
            var sinusoidal = variant with { Positions = PositionScheme.Sinusoidal };
            if (variant.Positions is not (PositionScheme.None or PositionScheme.Sinusoidal) && Has(sinusoidal)) yield return (ComparisonQuestion.Schemes, sinusoidal, variant);
            if (variant.Positions == PositionScheme.None && variant != reference && Has(reference)) yield return (ComparisonQuestion.Mask, variant, reference);
        }

        bool Has(AblationVariant variant) => variants.Contains(variant);
    }

    private IReadOnlyList<int> CommonSeeds(AblationVariant first, AblationVariant second) => [.. Finished(first).Keys.Intersect(Finished(second).Keys).Order()];

    private Dictionary<int, AblationRun> Finished(AblationVariant variant) => runsOf(variant).Where(run => run.Failure is null).ToDictionary(run => run.Seed);

    private VariantComparison Compare(ComparisonQuestion question, AblationVariant first, AblationVariant second, IReadOnlyList<int> seeds)
    {
        var (runsOfFirst, runsOfSecond) = (Finished(first), Finished(second));
        double[] differences = [.. seeds.Select(seed => Accuracy(first, runsOfFirst[seed]) - Accuracy(second, runsOfSecond[seed]))];
        IReadOnlyList<int[]>[] ofFirst = [.. seeds.Select(seed => VariantAnalysis.Predictions(first, runsOfFirst[seed]))];
        IReadOnlyList<int[]>[] ofSecond = [.. seeds.Select(seed => VariantAnalysis.Predictions(second, runsOfSecond[seed]))];
        double smallestP = SignFlipTest.SmallestP(seeds.Count);
        bool enoughSeeds = smallestP <= 1 - plan.ConfidenceLevel;
        return new()
        {
            Question = question,
            First = first,
            Second = second,
            Seeds = seeds,
            Differences = differences,
            MeanDifference = Sample.Mean(differences),
            SeedInterval = PairedTTest.Interval(differences, plan.ConfidenceLevel),
            BootstrapInterval = BcaBootstrap.Interval(differences, plan.ConfidenceLevel, plan.BootstrapSamples, BootstrapSeed),
            TwoLevelIntervals = _bootstrap.Intervals(ofFirst, ofSecond, plan.ConfidenceLevel, plan.BootstrapSamples, BootstrapSeed),
            SmallestPossibleP = smallestP,
            P = enoughSeeds ? SignFlipTest.TwoSidedP(differences) : null,
            McNemarP = [.. ofFirst.Zip(ofSecond, (one, other) => McNemar(one[0], other[0]))],
            EquivalenceP = enoughSeeds ? EquivalenceTest.P(differences, plan.EquivalenceMargin) : null,
            EffectSize = EffectSize.CohenDz(differences),
            ProbabilityOfSuperiority = EffectSize.ProbabilityOfSuperiority(differences),
            Outcome = ComparisonOutcome.Undecided,
        };
    }

    private IEnumerable<VariantComparison> Adjusted(VariantComparison[] question)
    {
        VariantComparison[] tested = [.. question.Where(comparison => comparison.P is not null)];
        double alpha = 1 - plan.ConfidenceLevel;
        double[] adjusted = HolmCorrection.Adjust([.. tested.Select(comparison => comparison.P!.Value)]);
        return question.Select(comparison => Array.IndexOf(tested, comparison) is >= 0 and int index
            ? comparison with { AdjustedP = adjusted[index], CanReachLevel = comparison.SmallestPossibleP * tested.Length <= alpha }
            : comparison);
    }

    // An effect must show over the seeds (so there must be two at least), over the items, and in the exact test wherever there are seeds
    // enough for that test to pass after the correction.
    private ComparisonOutcome OutcomeOf(VariantComparison comparison)
    {
        double alpha = 1 - plan.ConfidenceLevel;
        bool detected = comparison.SeedInterval?.Contains(0) == false
            && comparison.Interval?.Contains(0) != true
            && (!comparison.CanReachLevel || comparison.AdjustedP <= alpha)
            && comparison.MeanDifference != 0;
        if (detected) return comparison.MeanDifference > 0 ? ComparisonOutcome.FirstBetter : ComparisonOutcome.SecondBetter;
        return comparison.EquivalenceP <= alpha && IsWithinMargin(comparison.Interval!) ? ComparisonOutcome.Equivalent : ComparisonOutcome.Undecided;
    }

    // The t tests see the seeds only; the interval sees the test texts too.
    private bool IsWithinMargin(ConfidenceInterval interval) => -plan.EquivalenceMargin < interval.Lower && interval.Upper < plan.EquivalenceMargin;

    private double Accuracy(AblationVariant variant, AblationRun run) => VariantAnalysis.Score(run.Seed, VariantAnalysis.Predictions(variant, run), data.Test).Accuracy;

    private double McNemar(int[] first, int[] second)
    {
        return McNemarTest.TwoSidedP(OnlyRight(first, second), OnlyRight(second, first));

        int OnlyRight(int[] one, int[] other) => data.Test.Labels.Index().Count(item => one[item.Index] == item.Item && other[item.Index] != item.Item);
    }
}
