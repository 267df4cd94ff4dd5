using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation.Analysis;

public class AblationAnalysisTests
{
    private static readonly OrderingAblationReport s_report = FakeAblation.Report();

    [Fact]
    public void Report_OrderBlindVariant_IsAtChanceExactly()
    {
        var none = s_report.Find(new(PositionScheme.None))!;
        Assert.Equal(1 / 3.0, s_report.Data.Chance, 12);
        Assert.All(none.Runs, run => Assert.Equal(1 / 3.0, run.Accuracy, 12));
        Assert.Equal(0, none.FlipRate);
    }

    [Fact]
    public void Report_SinusoidalAgainstNone_HasTheHandComputedP()
    {
        var comparison = s_report.Comparisons.Single(candidate => candidate.Question == ComparisonQuestion.Positions && candidate.First == new AblationVariant(PositionScheme.Sinusoidal));
        Assert.False(comparison.CanReachLevel); // six seeds are too few for four comparisons after Holm, so the intervals decide
        Assert.Equal(ComparisonOutcome.FirstBetter, comparison.Outcome);
        Assert.Equal(2 / 64.0, comparison.P!.Value, 12); // all six differences positive
        Assert.Equal(4 * 2 / 64.0, comparison.AdjustedP!.Value, 12); // Holm over two schemes x two masks
        Assert.True(comparison.TwoLevelIntervals!.Accuracy.Lower > 0.4);
        Assert.All(comparison.McNemarP, p => Assert.True(p < 1e-6));
        Assert.Equal(1, comparison.ProbabilityOfSuperiority);
    }

    [Fact]
    public void Report_Questions_HaveTheExpectedPairs()
    {
        var counts = s_report.Comparisons.GroupBy(comparison => comparison.Question).ToDictionary(question => question.Key, question => question.Count());
        Assert.Equal(4, counts[ComparisonQuestion.Positions]); // 2 schemes x 2 masks
        Assert.Equal(2, counts[ComparisonQuestion.Schemes]); // sinusoidal against learned x 2 masks
        Assert.Equal(1, counts[ComparisonQuestion.Mask]);
        Assert.Equal(1, counts[ComparisonQuestion.Encoder]);
        Assert.Equal(4, counts[ComparisonQuestion.Shuffling]); // 3 schemes and the LSTM, first mask
    }

    [Fact]
    public void Report_FewSeeds_ClaimsNoP()
    {
        var report = FakeAblation.Report(FakeAblation.Plan with { Seeds = [1, 2, 3] });
        Assert.All(report.Comparisons, comparison => Assert.Null(comparison.P));
        Assert.All(report.Comparisons, comparison => Assert.Null(comparison.EquivalenceP));
        Assert.DoesNotContain(report.Comparisons, comparison => comparison.Outcome == ComparisonOutcome.Equivalent);
        Assert.All(report.Comparisons, comparison => Assert.Equal(0.25, comparison.SmallestPossibleP));
        Assert.Equal(ComparisonOutcome.FirstBetter, report.Comparisons[0].Outcome);
    }

    [Fact]
    public void Report_SameVariantTwice_IsUndecidedOrEqualNeverBetter()
    {
        // Shuffling the test texts changes nothing for the order-blind variant.
        var comparison = s_report.Comparisons.Single(candidate => candidate.Question == ComparisonQuestion.Shuffling && candidate.First == new AblationVariant(PositionScheme.None));
        Assert.All(comparison.Differences, difference => Assert.Equal(0, difference));
        Assert.Equal(ComparisonOutcome.Equivalent, comparison.Outcome);
    }

    [Fact]
    public void Report_ClipDistances_AreComparedWithTheUsualOne()
    {
        var report = FakeAblation.Report(FakeAblation.Plan with { Positions = [PositionScheme.None, PositionScheme.ShawRelative], ClipDistances = [0, 2] });
        var comparisons = report.Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Clipping).ToArray();
        Assert.Equal([0, 2], comparisons.Select(comparison => comparison.Second.ClipDistance!.Value));
        Assert.All(comparisons, comparison => Assert.Equal(new AblationVariant(PositionScheme.ShawRelative), comparison.First));
        Assert.Equal(ComparisonOutcome.FirstBetter, comparisons[0].Outcome);
        Assert.Contains(new(PositionScheme.ShawRelative, ClipDistance: 0), report.Invariance.Select(proof => proof.Variant)); // distances all alike: blind
        Assert.Equal(4, report.Comparisons.Count(comparison => comparison.Question == ComparisonQuestion.Positions)); // Shaw, k=0, k=2 and causal Shaw against none
    }

    [Fact]
    public void Report_EqualOverSeedsButNotOverTexts_IsNotCalledEqual()
    {
        // Each seed gains and loses the same number of texts, so the seeds show no difference, but ninety texts cannot show equality within one point.
        var comparison = SinusoidalAgainstLearned(FakeAblation.Plan, onlySinusoidal: 10, onlyLearned: 10);
        Assert.Equal(0, comparison.EquivalenceP!.Value, 12);
        Assert.Equal(ComparisonOutcome.Undecided, comparison.Outcome);
        var wide = SinusoidalAgainstLearned(FakeAblation.Plan with { EquivalenceMargin = 0.5 }, onlySinusoidal: 10, onlyLearned: 10);
        Assert.Equal(ComparisonOutcome.Equivalent, wide.Outcome);
    }

    [Fact]
    public void Report_McNemar_CountsTheTextsThatOnlyOneGetsRight()
    {
        var comparison = SinusoidalAgainstLearned(FakeAblation.Plan, onlySinusoidal: 10, onlyLearned: 3);
        Assert.All(comparison.McNemarP, p => Assert.Equal(0.09228515625, p, 12)); // 756 of 8192
        Assert.All(comparison.Differences, difference => Assert.Equal(7 / 90.0, difference, 12));
    }

    [Fact]
    public void Report_LargestLogitChange_IsThatOfTheWorstSeed()
    {
        var runs = Runs(FakeAblation.Plan).Select(run => run with { LargestLogitChange = run.Seed }).ToList();
        Assert.Equal(6, FakeAblation.Report(FakeAblation.Plan, runs).Find(new(PositionScheme.None))!.LargestLogitChange);
    }

    [Theory]
    [InlineData(0.9e-5, true)]
    [InlineData(1.1e-5, false)]
    public void Report_InvarianceBound_IsTheStatedOne(double change, bool holds)
    {
        var runs = Runs(FakeAblation.Plan).Select(run => run with { LargestLogitChange = change }).ToList();
        var proof = Assert.Single(FakeAblation.Report(FakeAblation.Plan, runs).Invariance);
        Assert.Equal(1e-5, proof.Bound);
        Assert.Equal(holds, proof.Holds);
    }

    /// <summary>The comparison when each seed gets all test texts right but these.</summary>
    private static VariantComparison SinusoidalAgainstLearned(AblationPlan plan, int onlySinusoidal, int onlyLearned)
    {
        var runs = Runs(plan).Select(run => run with { Predictions = Answers(run.Setup.Positions) }).ToList();
        return FakeAblation.Report(plan, runs).Comparisons.Single(candidate => candidate.Question == ComparisonQuestion.Schemes && candidate.First.Mask == MaskKind.Bidirectional);

        int[] Answers(PositionScheme positions) => [.. FakeAblation.Data.Test.Labels.Select((label, row) => IsWrong(positions, row) ? (label + 1) % 3 : label)];

        bool IsWrong(PositionScheme positions, int row) => positions == PositionScheme.Learned ? row < onlySinusoidal : row >= 90 - onlyLearned;
    }

    private static IReadOnlyList<AblationRun> Runs(AblationPlan plan) => new AblationRunner(plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);

    [Fact]
    public void Report_Invariance_IsAssertedWhereTheTheoremHolds()
    {
        var proof = Assert.Single(s_report.Invariance);
        Assert.Equal(new AblationVariant(PositionScheme.None), proof.Variant);
        Assert.True(proof.Holds);
        var last = FakeAblation.Report(FakeAblation.Plan with { Model = new() { Pooling = PoolingKind.Last } });
        Assert.Empty(last.Invariance);
    }

    [Fact]
    public void Report_Lengths_CoverAllTestTexts()
    {
        var lengths = s_report.Find(new(PositionScheme.Sinusoidal, MaskKind.Causal))!.Lengths;
        Assert.Equal(90, lengths.Sum(score => score.Texts));
        Assert.Equal(3, lengths[0].Shortest);
        Assert.Equal(7, lengths[^1].Longest);
    }

    [Fact]
    public void Report_Baselines_MajorityIsAtChance()
    {
        Assert.Equal(1 / 3.0, s_report.Baselines.Single(baseline => baseline.Kind == BaselineKind.Majority).MeanAccuracy, 12);
        Assert.Equal(new AblationPlan().Baselines, s_report.Baselines.Select(baseline => baseline.Kind));
    }
}
