using Microsoft.ML;
using MlAttention.Ablation;
using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Reporting;
using MlAttention.Ablation.Runs;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Ablation.Runs;

/// <summary>From texts to a report with a tiny encoder that is really fine-tuned.</summary>
public class PretrainedAblationTrainerTests
{
    private static readonly MLContext s_context = new(seed: 1);
    private static readonly AblationPlan s_plan = TinyEncoder.Plan;
    private static readonly Lazy<OrderingAblationReport> s_whole = new(() => Ablator().RunAll(new MemoryRunStore(), null, default));

    private static OrderingAblator Ablator(AblationPlan? plan = null) =>
        OrderingAblator.Prepare(s_context, s_context.Data.LoadFromEnumerable(TinyEncoder.Rows), null, plan ?? s_plan, "tiny.csv");

    private static AblationData Data(AblationPlan plan) => new AblationDataReader(s_context, plan).Read(s_context.Data.LoadFromEnumerable(TinyEncoder.Rows));

    [Fact]
    public void Report_EveryVariant_FinishesAndEveryGateHolds()
    {
        Assert.All(s_whole.Value.Variants, result => Assert.Empty(result.Failures));
        Assert.Equal(Enum.GetValues<PretrainedVariant>().Length - 1, s_whole.Value.Variants.Count); // 128 and 100 positions are more than the table's 160
        Assert.True(s_whole.Value.Pretrained!.IsSound, string.Join(' ', s_whole.Value.Pretrained.Gates.Select(PretrainedVerdict.Gate)));
        Assert.All(s_whole.Value.Baselines, baseline => Assert.InRange(baseline.MeanAccuracy, 0.3, 1));
    }

    [Fact]
    public void Report_WithoutPositions_FactsOneToThreeHoldExactly()
    {
        var facts = PublishedFacts.Of(s_whole.Value);
        Assert.All(facts.Take(3), fact => Assert.Equal(FactOutcome.Agrees, fact.Outcome));
        foreach (var variant in new[] { PretrainedVariant.Zero, PretrainedVariant.Constant })
        {
            Assert.All(s_whole.Value.Find(AblationVariant.Of(variant))!.Runs, run => Assert.Equal(1 / 3.0, run.Accuracy, 12)); // one answer for all six arrangements
            Assert.True(s_whole.Value.Pretrained!.EqualBags.Single(bags => bags.Variant.Pretrained == variant).LargestDifference < 1e-5);
        }
        Assert.True(s_whole.Value.Pretrained!.EqualBags.Single(bags => bags.Variant.Pretrained == PretrainedVariant.Ordered).LargestDifference > 1e-3);
    }

    [Fact]
    public void Report_OrderBlindVariants_DoNotNoticeTheTestOfOrdered()
    {
        var zero = s_whole.Value.Pretrained!.Permutations.Single(result => result.Variant.Pretrained == PretrainedVariant.Zero);
        Assert.All(zero.Seeds, seed => Assert.Equal((1.0, seed.Accuracy, seed.Accuracy), (seed.Agreement, seed.OmegaMax, seed.OmegaRandom)));
    }

    [Fact]
    public void Report_AsJson_IsReadBack() =>
        Assert.Equal(ReportExporter.Markdown.Export(s_whole.Value), ReportExporter.Markdown.Export(ReportExporter.ReadJson(ReportExporter.Json.Export(s_whole.Value))));

    [Fact]
    public void Run_TwoShardsInFoldersOfTheirOwn_GiveTheRunsOfOne()
    {
        using var folder = new TemporaryFolder();
        var ablator = Ablator();
        var header = new AblationHeader(s_plan, ablator.Summary);
        var runs = Enumerable.Range(1, 2).SelectMany(shard => ablator.Run(FolderRunStore.Open(folder.File($"{shard}"), header), new(shard, 2), null, default)).ToArray();
        Assert.Equal(Comparable(s_whole.Value), Comparable(ablator.Report(runs, TimeSpan.Zero)));
    }

    [Fact]
    public void Run_StoppedAndStartedAgain_GoesOnAndKeepsTheTrials()
    {
        using var folder = new TemporaryFolder();
        string runs = folder.File("runs");
        var ablator = Ablator();
        var store = FolderRunStore.Open(runs, new(s_plan, ablator.Summary));
        using var stop = new CancellationTokenSource();
        var afterOneTrial = new Listener(progress => { if (progress.FinishedRuns == 1 && progress.Epoch == 1 && Directory.GetFiles(runs, "*zero-rate*").Length == 1) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ablator.Run(store, AblationShard.Whole, afterOneTrial, stop.Token));
        string kept = Assert.Single(Directory.GetFiles(runs, "*zero-rate*"));
        var written = File.GetLastWriteTimeUtc(kept);

        Assert.Equal(Comparable(s_whole.Value), Comparable(ablator.Report(ablator.Run(store, AblationShard.Whole, null, default), TimeSpan.Zero)));

        Assert.Equal(written, File.GetLastWriteTimeUtc(kept));
        FolderRunStore.Delete(runs);
        Assert.False(Directory.Exists(runs)); // trials are deleted with the runs
    }

    [Fact]
    public void Run_Rates_AreChosenByTheFirstSeedAndTheSameForAll()
    {
        var store = new MemoryRunStore();
        var plan = s_plan with { PretrainedDetails = s_plan.PretrainedDetails! with { Variants = [PretrainedVariant.Ordered] } };
        var runs = Ablator(plan).Run(store, AblationShard.Whole, null, default);
        var trials = plan.PretrainedDetails.LearningRates.Select(rate => store.Find(plan.Setups()[0] with { TrialRate = rate }, seed: 1)!).ToArray();
        var best = PretrainedAblationTrainer.IsBetter(trials[1], trials[0]) ? trials[1] : trials[0];
        Assert.All(runs, run => Assert.Equal(best.Pretrained!.LearningRate, run.Pretrained!.LearningRate));
        Assert.Equal(best.Epochs, runs[0].Epochs); // the trial of the first seed is its run
        Assert.NotEqual(trials[0].Epochs, trials[1].Epochs);
    }

    [Fact]
    public void IsBetter_Accuracy_ComesBeforeLossAndAFailureLast()
    {
        AblationRun Run(double accuracy, double loss, string? failure = null) => new() { Setup = s_plan.Setups()[0], Seed = 1, BestEpoch = 1, Epochs = [new(1, 1, loss, accuracy)], Failure = failure };
        Assert.True(PretrainedAblationTrainer.IsBetter(Run(0.9, 2), Run(0.8, 1)));
        Assert.True(PretrainedAblationTrainer.IsBetter(Run(0.9, 1), Run(0.9, 2)));
        Assert.False(PretrainedAblationTrainer.IsBetter(Run(0.9, 2), Run(0.9, 2)));
        Assert.True(PretrainedAblationTrainer.IsBetter(Run(0.1, 9), Run(1, 0, "diverged")));
        Assert.False(PretrainedAblationTrainer.IsBetter(Run(1, 0, "diverged"), Run(0.1, 9)));
    }

    // A text of one word has one order: only another split, batch, head or dropout could tell these apart.
    [Theory]
    [InlineData(PretrainedVariant.Shuffled)]
    [InlineData(PretrainedVariant.Sorted)]
    [InlineData(PretrainedVariant.ShuffledPieces)]
    public void Train_VariantsOfASeed_ShareSplitBatchesAndHead(PretrainedVariant variant)
    {
        string[] words = ["baker", "nurse", "again"];
        var rows = Enumerable.Range(0, 60).Select(row => new TinyEncoder.TextRow { Text = words[row % 3], Label = words[row % 3], Group = $"{row}" }).ToArray();
        var plan = s_plan with { PretrainedDetails = s_plan.PretrainedDetails! with { LearningRates = [1e-3], Variants = [PretrainedVariant.Ordered, variant] } };
        var data = new AblationDataReader(s_context, plan).Read(s_context.Data.LoadFromEnumerable(rows));
        AblationRun Run(int setup, int seed) => new PretrainedAblationTrainer(s_context, plan, data, new MemoryRunStore()).Train(plan.Setups()[setup], seed, _ => { }, default);

        Assert.Equal(Run(0, seed: 1).Epochs, Run(1, seed: 1).Epochs);
        Assert.NotEqual(Run(0, seed: 1).Epochs, Run(0, seed: 2).Epochs);
    }

    // At a rate of nearly 0 and without dropout, an epoch's loss says what texts it saw and with which weights.
    [Theory]
    [InlineData(PretrainedVariant.Ordered, false)]
    [InlineData(PretrainedVariant.Sorted, false)]
    [InlineData(PretrainedVariant.Zero, false)]
    [InlineData(PretrainedVariant.Shuffled, true)]
    [InlineData(PretrainedVariant.ShuffledPieces, true)]
    public void Train_Epochs_SeeWordsInAnotherOrderOnlyWhereTheyAreShuffled(PretrainedVariant variant, bool differs)
    {
        var epochs = EpochsOf(variant, TinyEncoder.Create());
        Assert.Equal(differs, Math.Abs(epochs[0].TrainingLoss - epochs[1].TrainingLoss) > 1e-5);
        Assert.NotEqual(epochs[0].TrainingLoss, EpochsOf(variant, TinyEncoder.Create(seed: 2))[0].TrainingLoss, 1e-5); // it begins with the encoder's weights
    }

    // LogLoss is that of one order: of texts as they stand, or sorted. Probabilities are those of the texts that the variant's answers are of.
    [Theory]
    [InlineData(PretrainedVariant.Ordered, true)]
    [InlineData(PretrainedVariant.Sorted, true)]
    [InlineData(PretrainedVariant.Shuffled, false)]
    [InlineData(PretrainedVariant.ShuffledPieces, false)]
    public void Test_LabelProbabilities_AreThoseOfTheVariantsOwnTexts(PretrainedVariant variant, bool isOneOrder)
    {
        var plan = s_plan with { PretrainedDetails = s_plan.PretrainedDetails! with { LearningRates = [4e-3], Variants = [.. new[] { PretrainedVariant.Ordered, variant }.Distinct()] } };
        var data = Data(plan);
        var run = new PretrainedAblationTrainer(s_context, plan, data, new MemoryRunStore()).Train(plan.Setups()[^1], 1, _ => { }, default);
        var answers = VariantAnalysis.Predictions(AblationVariant.Of(variant), run);
        double[] probabilities = [.. data.Test.Labels.Select((_, row) => LabelProbabilities.At(run.LabelProbabilities!, row))];

        Assert.Equal(isOneOrder, Math.Abs(run.LogLoss + probabilities.Average(Math.Log)) < 1e-4);
        for (int row = 0; row < data.Test.Count; row++)
        {
            double right = answers.Average(ofAll => ofAll[row] == data.Test.Labels[row] ? 1.0 : 0);
            Assert.InRange(probabilities[row], right / data.Test.ClassCount, (1 + right) / 2); // who is right gave it a third at least, who is wrong a half at most
        }
    }

    private static IReadOnlyList<EpochRecord> EpochsOf(PretrainedVariant variant, PretrainedEncoder encoder)
    {
        var plan = s_plan with { Pretrained = encoder };
        plan = plan with
        {
            Model = plan.Model with { Dropout = 0 },
            PretrainedDetails = plan.PretrainedDetails! with { LearningRates = [1e-12], Variants = variant == PretrainedVariant.Ordered ? [variant] : [PretrainedVariant.Ordered, variant] },
        };
        return new PretrainedAblationTrainer(s_context, plan, Data(plan), new MemoryRunStore()).Train(plan.Setups()[^1], 1, _ => { }, default).Epochs;
    }

    [Fact]
    public void Test_VariantThatIsNotBlindAfterAll_FailsItsGatesAndWithholdsTheVerdict()
    {
        var plan = s_plan with { Seeds = [1], PretrainedDetails = s_plan.PretrainedDetails! with { LearningRates = [1e-3], Variants = [PretrainedVariant.Ordered, PretrainedVariant.Zero] } };
        var data = Data(plan);
        var ordered = new PretrainedAblationTrainer(s_context, plan, data, new MemoryRunStore()).Train(plan.Setups()[0], 1, _ => { }, default);
        // The ordered model in the place of the one without positions.
        var report = new AblationAnalysis(plan, data, [ordered, ordered with { Setup = plan.Setups()[1] }]).Report(data.Summarize("tiny.csv"), FakeAblation.Environment, DateTimeOffset.UnixEpoch, 1);

        Assert.Equal([true, false, false], report.Pretrained!.Gates.Select(gate => gate.Holds));
        Assert.StartsWith("No verdict on tiny.csv", VerdictWriter.Write(report).Headline, StringComparison.Ordinal);
        Assert.Equal([FactOutcome.Differs, FactOutcome.Differs, FactOutcome.Differs], PublishedFacts.Of(report).Take(3).Select(fact => fact.Outcome));
    }

    [Fact]
    public void Train_PlanReadBack_NeedsTheEncoderAgainAndNoOther()
    {
        var plan = s_plan with { Pretrained = null };
        Assert.Contains("tiny", Assert.Throws<ArgumentException>(() => Data(plan)).Message, StringComparison.Ordinal);
        Assert.Equal(s_plan.PretrainedDetails, plan.With(TinyEncoder.Create()).PretrainedDetails);
        Assert.Contains("its weights differ", Assert.Throws<ArgumentException>(() => plan.With(TinyEncoder.Create(seed: 2))).Message, StringComparison.Ordinal);
    }

    /// <summary>The report without what was measured in time.</summary>
    private static string Comparable(OrderingAblationReport report) => ReportExporter.Json.Export(report with
    {
        Created = DateTimeOffset.UnixEpoch,
        WallSeconds = 0,
        Variants = [.. report.Variants.Select(result => result with { TrainingSeconds = 0 })],
    });

    private sealed class Listener(Action<AblationProgress> heard) : IProgress<AblationProgress>
    {
        public void Report(AblationProgress value) => heard(value);
    }
}
