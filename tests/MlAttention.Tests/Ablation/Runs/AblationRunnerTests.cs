using System.Text.Json;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Runs;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Ablation.Runs;

public class AblationRunnerTests
{
    private static readonly AblationPlan s_plan = FakeAblation.Plan;
    private static readonly AblationHeader s_header = new(s_plan, FakeAblation.Data.Summarize("fake.csv"));

    [Fact]
    public void Run_WholePlan_TrainsEverySetupWithEverySeedOnce()
    {
        var trainer = new FakeTrainer(FakeAblation.Data);
        new AblationRunner(s_plan, trainer, new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        Assert.Equal(AblationRunner.RunsOf(s_plan), trainer.Trained);
        Assert.Equal((3 * 2 + 1) * 6, trainer.Trained.Count);
    }

    [Fact]
    public void Run_StoppedAndStartedAgain_ContinuesAndGivesTheSameReport()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var first = new FakeTrainer(FakeAblation.Data) { Fails = (_, _) => { if (stop.IsCancellationRequested) throw new OperationCanceledException(); return false; } };
        var stopAfterTen = new Listener(progress => { if (progress.FinishedRuns == 10) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => new AblationRunner(s_plan, first, FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, stopAfterTen, stop.Token));

        var second = new FakeTrainer(FakeAblation.Data);
        var runs = new AblationRunner(s_plan, second, FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, null, default);
        Assert.Equal(10 + second.Trained.Count, AblationRunner.RunsOf(s_plan).Count);
        Assert.Equal(ReportExporter.Json.Export(FakeAblation.Report()), ReportExporter.Json.Export(FakeAblation.Report(s_plan, runs)));
    }

    [Fact]
    public void Run_Shards_GiveTheSameReportAsOneRun()
    {
        using var folder = new TemporaryFolder();
        foreach (int index in new[] { 2, 1, 3 })
            new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), FolderRunStore.Open(folder.Path, s_header)).Run(new(index, 3), null, default);
        var none = new FakeTrainer(FakeAblation.Data);
        var merged = new AblationRunner(s_plan, none, FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, null, default);
        Assert.Empty(none.Trained);
        Assert.Equal(ReportExporter.Json.Export(FakeAblation.Report()), ReportExporter.Json.Export(FakeAblation.Report(s_plan, merged)));
    }

    [Fact]
    public void Run_OneFails_TheOthersGoOnAndTheReportNamesIt()
    {
        var trainer = new FakeTrainer(FakeAblation.Data) { Fails = (setup, seed) => setup.Positions == PositionScheme.Learned && seed == 2 };
        var runs = new AblationRunner(s_plan, trainer, new MemoryRunStore()).Run(AblationShard.Whole, null, default);
        var report = FakeAblation.Report(s_plan, runs);
        var learned = report.Find(new(PositionScheme.Learned))!;
        Assert.Equal([1, 3, 4, 5, 6], learned.Runs.Select(run => run.Seed));
        Assert.Equal("InvalidOperationException: it broke", Assert.Single(learned.Failures).Message);
        Assert.Contains("it broke", ReportExporter.Markdown.Export(report), StringComparison.Ordinal);
        Assert.Contains("failed", string.Join(' ', VerdictWriter.Write(report).Evidence), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FailedRunInTheStore_IsTriedAgain()
    {
        using var folder = new TemporaryFolder();
        var failing = new FakeTrainer(FakeAblation.Data) { Fails = (_, seed) => seed == 3 };
        new AblationRunner(s_plan, failing, FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, null, default);
        var again = new FakeTrainer(FakeAblation.Data);
        new AblationRunner(s_plan, again, FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, null, default);
        Assert.All(again.Trained, run => Assert.Equal(3, run.Seed));
        Assert.Equal(s_plan.Setups().Count, again.Trained.Count);
    }

    [Fact]
    public void Open_FolderOfAnotherPlan_Refuses()
    {
        using var folder = new TemporaryFolder();
        FolderRunStore.Open(folder.Path, s_header);
        var other = s_header with { Plan = s_plan with { Epochs = 3 } };
        Assert.Contains("another plan", Assert.Throws<InvalidDataException>(() => FolderRunStore.Open(folder.Path, other)).Message, StringComparison.Ordinal);
        other = s_header with { Data = s_header.Data with { Fingerprint = "other" } };
        Assert.Contains("other data", Assert.Throws<InvalidDataException>(() => FolderRunStore.Open(folder.Path, other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderOfTheSameDataByAnotherName_GoesOn()
    {
        using var folder = new TemporaryFolder();
        new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), FolderRunStore.Open(folder.Path, s_header)).Run(AblationShard.Whole, null, default);
        var none = new FakeTrainer(FakeAblation.Data);
        new AblationRunner(s_plan, none, FolderRunStore.Open(folder.Path, s_header with { Data = s_header.Data with { Name = "moved.csv" } })).Run(AblationShard.Whole, null, default);
        Assert.Empty(none.Trained);
    }

    [Fact]
    public void ReadHeader_Stored_IsThePlan()
    {
        using var folder = new TemporaryFolder();
        FolderRunStore.Open(folder.Path, s_header);
        Assert.Equal(JsonSerializer.Serialize(s_header, AblationJson.Options), JsonSerializer.Serialize(FolderRunStore.ReadHeader(folder.Path), AblationJson.Options));
    }

    [Fact]
    public void Run_Progress_CountsUpToTheEnd()
    {
        var heard = new List<AblationProgress>();
        new AblationRunner(s_plan, new FakeTrainer(FakeAblation.Data), new MemoryRunStore()).Run(AblationShard.Whole, new Listener(heard.Add), default);
        Assert.Null(heard[0].Remaining);
        Assert.Equal(heard[^1].TotalRuns, heard[^1].FinishedRuns);
        Assert.Equal(heard.Select(progress => progress.FinishedRuns), heard.Select(progress => progress.FinishedRuns).Order());
        Assert.Contains(heard, progress => progress.Epoch == 4);
    }

    [Fact]
    public void Run_Progress_TellsOfEachFinishedRunOnceStoredOnesIncluded()
    {
        var store = new MemoryRunStore();
        var failing = new FakeTrainer(FakeAblation.Data) { Fails = (setup, seed) => setup.Positions == PositionScheme.Learned && seed == 2 };
        new AblationRunner(s_plan, failing, store).Run(new AblationShard(1, 2), null, default);
        var heard = new List<FinishedRun>();

        new AblationRunner(s_plan, failing, store).Run(AblationShard.Whole, new Listener(progress => heard.AddRange(progress.Finished)), default);

        Assert.Equal(AblationRunner.RunsOf(s_plan).Select(run => (run.Setup.Title, run.Seed)), heard.Select(run => (run.Setup, run.Seed)));
        Assert.All(heard, run => Assert.Equal(run.Setup.StartsWith("learned", StringComparison.Ordinal) && run.Seed == 2, run.HasFailed));
        Assert.All(heard.Where(run => !run.HasFailed), run => Assert.NotNull(run.DevAccuracy));
    }

    private sealed class Listener(Action<AblationProgress> hear) : IProgress<AblationProgress>
    {
        public void Report(AblationProgress value) => hear(value);
    }
}
