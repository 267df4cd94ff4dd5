using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Plan;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Runs;

namespace MlAttention.Tests.Ablation.Analysis;

public class PretrainedAnalysisTests
{
    private static readonly OrderingAblationReport s_report = FakePretrained.Report();

    private static VariantComparison Comparison(ComparisonQuestion question, PretrainedVariant second) =>
        s_report.Comparisons.Single(comparison => comparison.Question == question && comparison.Second.Pretrained == second);

    [Fact]
    public void Report_OrderBlindVariant_IsAtChanceExactly()
    {
        var zero = s_report.Find(AblationVariant.Of(PretrainedVariant.Zero))!;
        Assert.All(zero.Runs, run => Assert.Equal(1 / 3.0, run.Accuracy, 12));
        Assert.Empty(s_report.Invariance); // the gates say it
    }

    [Fact]
    public void Report_Questions_HaveTheExpectedPairs()
    {
        var counts = s_report.Comparisons.GroupBy(comparison => comparison.Question).ToDictionary(question => question.Key, question => question.Count());
        Assert.Equal(6, counts[ComparisonQuestion.Order]); // zero, constant, shuffled, sorted, and the two further arms
        Assert.Equal(1, counts[ComparisonQuestion.PretrainedPositions]);
        Assert.Equal(1, counts[ComparisonQuestion.InputShift]);
        Assert.Equal(11, counts[ComparisonQuestion.Dependence]);
        Assert.All(s_report.Comparisons.Where(comparison => comparison.Question != ComparisonQuestion.InputShift), comparison => Assert.Equal(PretrainedVariant.Ordered, comparison.First.Pretrained));
    }

    [Fact]
    public void Report_ImbalancedButUnsound_HasNoMacroF1BesideTheWithheldVerdict()
    {
        var imbalanced = s_report with { Data = s_report.Data with { TestTextsByClass = [.. s_report.Data.TestTextsByClass.Select((_, index) => index == 0 ? s_report.Data.TestTexts : 0)] } };
        Assert.StartsWith("Macro-F1", VerdictWriter.Write(imbalanced).Headline, StringComparison.Ordinal);
        var failed = imbalanced.Pretrained! with { Gates = [.. imbalanced.Pretrained.Gates.Select(gate => gate with { Holds = false })] };
        Assert.StartsWith("No verdict on", VerdictWriter.Write(imbalanced with { Pretrained = failed }).Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_WorthOfOrder_IsOverTheBestWithoutOrder()
    {
        var main = s_report.Main!;
        double best = s_report.Variants.Where(result => result.Variant.Pretrained!.Value.IsWithoutOrder()).Max(result => result.MeanAccuracy!.Value);
        Assert.Equal(s_report.Find(main.First)!.MeanAccuracy!.Value - best, main.MeanDifference, 12);
        Assert.False(main.Second.Pretrained!.Value.IsTestOnly()); // dependence is never worth
        Assert.Equal(ComparisonOutcome.FirstBetter, main.Outcome);
        Assert.Null(main.P); // five seeds cannot reach the level
    }

    [Fact]
    public void Report_TestOnlyVariants_UseTheRunsOfOrdered()
    {
        Assert.Equal(8, s_report.Plan.Setups().Count);
        Assert.True(Comparison(ComparisonQuestion.Dependence, PretrainedVariant.TestShuffled).MeanDifference > 0.2);
        // Runs of four leave who comes first alone more often than a full shuffle does.
        Assert.True(Comparison(ComparisonQuestion.Dependence, PretrainedVariant.TestRunsOf4).MeanDifference < Comparison(ComparisonQuestion.Dependence, PretrainedVariant.TestShuffled).MeanDifference);
    }

    [Fact]
    public void Study_Gates_HoldAndAreThoseOfTheProtocol()
    {
        var gates = s_report.Pretrained!.Gates;
        Assert.Equal(
            [(GateKind.SeesOrder, PretrainedVariant.Ordered), (GateKind.BlindToPieces, PretrainedVariant.Zero), (GateKind.SameAnswers, PretrainedVariant.Zero), (GateKind.BlindToPieces, PretrainedVariant.Constant), (GateKind.SameAnswers, PretrainedVariant.Constant)],
            gates.Select(gate => (gate.Kind, gate.Variant.Pretrained!.Value)));
        Assert.True(s_report.Pretrained.IsSound);
    }

    public static TheoryData<string> BrokenRuns => ["logits of zero", "answers of constant", "ordered sees nothing"];

    [Theory, MemberData(nameof(BrokenRuns))]
    public void Verdict_OneGateFailsInOneSeed_IsWithheld(string broken)
    {
        var report = FakePretrained.Report(change: run => (broken, run.Setup.Pretrained, run.Seed) switch
        {
            ("logits of zero", PretrainedVariant.Zero, 2) => run with { LargestLogitChange = 1.1e-4 },
            ("answers of constant", PretrainedVariant.Constant, 3) => run with { Pretrained = run.Pretrained! with { PermutationsSame = [5, .. run.Pretrained!.PermutationsSame.Skip(1)] } },
            ("ordered sees nothing", PretrainedVariant.Ordered, 1) => run with { LargestLogitChange = 0.9e-4 },
            _ => run,
        });
        var verdict = VerdictWriter.Write(report);
        Assert.StartsWith("No verdict on fake.csv: ", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("FAILS", verdict.Headline, StringComparison.Ordinal);
        Assert.Single(report.Pretrained!.Gates, gate => !gate.Holds);
        Assert.Contains(PublishedFacts.Of(report), fact => fact.Outcome == FactOutcome.Differs || broken == "ordered sees nothing");
    }

    [Fact]
    public void Study_BlindVariants_HaveTheIdentities()
    {
        foreach (var result in s_report.Pretrained!.Permutations.Where(result => result.Variant.Pretrained!.Value.IsOrderBlind()))
            Assert.All(result.Seeds, seed =>
            {
                Assert.Equal((seed.Accuracy, seed.Accuracy, 1.0), (seed.OmegaMax, seed.OmegaRandom, seed.Agreement));
                Assert.Equal((1.0, 0.0, 0.0, 1.0), (seed.RightMean, seed.WrongMean, seed.Sensitivity, seed.Surviving));
            });
        Assert.DoesNotContain(s_report.Pretrained.Permutations, result => result.Variant.Pretrained == PretrainedVariant.Sorted);
        Assert.All(s_report.Pretrained.Permutations, result => Assert.Equal(1 - Math.Pow(2 / 3.0, 6), result.GuessersOmegaMax, 12));
    }

    [Fact]
    public void Study_Swaps_ChangeTheAnswerMoreThanShuffles()
    {
        var swaps = s_report.Pretrained!.Swaps!;
        Assert.Equal(90 * 2 * 3, swaps.Pairs); // of three swaps of two people, the one of the two who are met leaves the label; each text is there three times
        Assert.True(swaps.InOrder > 0.9 && swaps.Swapped < swaps.Shuffled && swaps.Shuffled < swaps.InOrder, $"{swaps}");
    }

    [Fact]
    public void Study_Losses_AreSharesOfWhatOrderedHasOverTheMajority()
    {
        double ordered = s_report.Find(AblationVariant.Of(PretrainedVariant.Ordered))!.MeanAccuracy!.Value, fresh = s_report.Find(AblationVariant.Of(PretrainedVariant.Fresh))!.MeanAccuracy!.Value;
        Assert.Equal((ordered - fresh) / (ordered - 1 / 3.0), s_report.Pretrained!.Losses.Single(loss => loss.Variant.Pretrained == PretrainedVariant.Fresh).Share!.Value, 12);
        Assert.Equal(1, s_report.Pretrained.Losses.Single(loss => loss.Variant.Pretrained == PretrainedVariant.Zero).Share!.Value, 12);
    }

    [Fact]
    public void Study_Disturbances_GrowFromWindowsToShuffles()
    {
        var by = s_report.Pretrained!.Disturbances.ToDictionary(one => one.Arrangement);
        Assert.True(by[WordArrangement.WindowsOf3].Global < by[WordArrangement.WindowsOf5].Global && by[WordArrangement.WindowsOf5].Global < by[WordArrangement.Shuffled].Global);
        Assert.True(by[WordArrangement.RunsOf4].Local < by[WordArrangement.RunsOf2].Local && by[WordArrangement.RunsOf2].Local < by[WordArrangement.Shuffled].Local);
        Assert.Equal(1, by[WordArrangement.Sorted].DistinctShare);
        Assert.InRange(by[WordArrangement.Shuffled].DistinctShare, 0.5, 1);
    }

    [Fact]
    public void Study_TextsOfOneWord_RepeatTheirPermutations()
    {
        var runs = new AblationRunner(FakePretrained.Plan, new FakePretrainedTrainer(FakePretrained.Plan, FakePretrained.Data), new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        var data = FakePretrained.Data with { Words = FakePretrained.Data.Words! with { Test = [.. FakePretrained.Data.Words!.Test.Select(_ => new[] { "met" })] } };
        var report = new AblationAnalysis(FakePretrained.Plan, data, runs).Report(data.Summarize("fake.csv"), FakeAblation.Environment, default, 1);
        Assert.Equal(1 / 3.0, report.Pretrained!.Disturbances.Single(one => one.Arrangement == WordArrangement.Shuffled).DistinctShare, 12); // three draws of one order
        Assert.Null(report.Pretrained.Swaps);
    }

    [Fact]
    public void Study_SmallestDifference_OfTwoHundredAndSeventySevenTexts_IsAboutSixPoints() =>
        Assert.Equal(0.059, s_report.Pretrained!.SmallestDifference * Math.Sqrt(90 / 277.0), 0.001);

    [Fact]
    public void Facts_AreTenAndOutcomesFollowFromTheRuns()
    {
        var facts = PublishedFacts.Of(s_report).ToDictionary(fact => fact.Number, fact => fact.Outcome);
        Assert.Equal(Enumerable.Range(1, 10), facts.Keys);
        Assert.All([1, 2, 3], number => Assert.Equal(FactOutcome.Agrees, facts[number]));
        Assert.All([4, 9], number => Assert.Equal(FactOutcome.AgreesInDirection, facts[number]));
        Assert.All([5, 6, 7, 8, 10], number => Assert.Equal(FactOutcome.NotMeasured, facts[number]));
    }

    [Fact]
    public void Facts_UnequalVectorsWithoutPositions_Differ()
    {
        var report = FakePretrained.Report(change: run => run.Setup.Pretrained == PretrainedVariant.Zero && run.Seed == 4 ? run with { Pretrained = run.Pretrained! with { EqualBags = new(15, 60, 1e-3) } } : run);
        Assert.Equal(FactOutcome.Differs, PublishedFacts.Of(report).Single(fact => fact.Number == 3).Outcome);
    }

    [Fact]
    public void Merge_OfTwoShards_GivesTheReportOfOneRun()
    {
        using var folder = new Cli.TemporaryFolder();
        var header = new AblationHeader(FakePretrained.Plan, FakePretrained.Data.Summarize("fake.csv"));
        foreach (int index in new[] { 2, 1 }) new AblationRunner(FakePretrained.Plan, new FakePretrainedTrainer(FakePretrained.Plan, FakePretrained.Data), FolderRunStore.Open(folder.Path, header)).Run(new(index, 2), null, default);
        var stored = FolderRunStore.Open(folder.Path, header);
        Assert.Equal(ReportExporter.Json.Export(s_report), ReportExporter.Json.Export(FakePretrained.Report(FakePretrained.Plan, [.. AblationRunner.RunsOf(FakePretrained.Plan).Select(run => stored.Find(run.Setup, run.Seed)!)])));
    }
}
