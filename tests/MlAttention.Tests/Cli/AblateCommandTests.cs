using System.Text;
using System.Text.Json;
using MlAttention.Cli;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>The whole way from a CSV file to a report, on a tiny task.</summary>
public class AblateCommandTests
{
    private static readonly string[] s_tiny =
        ["--positions", "none,sinusoidal", "--masks", "bidirectional", "--encoders", "attention", "--shuffling", "none,test", "--seeds", "2", "--epochs", "2", "--width", "8", "--heads", "2", "--layers", "1", "--feed-forward", "8"];

    [Fact]
    public void Ablate_TinyFile_WritesEveryFormatAndPrintsTheTable()
    {
        using var folder = new TemporaryFolder();
        var run = Ablate(folder, "out", "--verbose");
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        foreach (string part in new[] { "sinusoidal", "none, test shuffled", "bag of words", "chance", "engine:", "version:", "wall time:" }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
        Assert.All(["report.html", "report.md", "report.json", "report.csv", "report.tex"], name => Assert.True(File.Exists(folder.File("out/" + name))));
        var report = ReportExporter.ReadJson(File.ReadAllText(folder.File("out/report.json")));
        Assert.Equal(0.5, report.Find(new(PositionScheme.None))!.MeanAccuracy!.Value, 12); // every bag stands under both labels
        Assert.True(Assert.Single(report.Invariance).Holds);
        Assert.All(report.Variants, result => Assert.Equal(2, result.Runs.Count));
    }

    [Fact]
    public void Ablate_WithoutVerbose_EndsWithVerdictSixRowsAndWhereTheReportIs()
    {
        using var folder = new TemporaryFolder();
        var run = Ablate(folder, "out");
        string[] lines = [.. run.Output.TrimEnd().Split('\n').Select(line => line.TrimEnd())];
        Assert.StartsWith($"Report: {folder.File("out/report.html")} ", lines[^1], StringComparison.Ordinal);
        Assert.Contains(", 6 of ", run.Output, StringComparison.Ordinal);
        int rule = Array.FindIndex(lines, line => line.StartsWith('─'));
        Assert.Equal(["none", "sinusoidal", "none, test shuffled", "sinusoidal, test shuffled"], lines[(rule + 1)..(rule + 5)].Select(line => line.Trim().Split("  ")[0]));
        Assert.Equal("", lines[rule + 7]);
        Assert.DoesNotContain("Not to be concluded", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Ablate_Terminal_ShowsTheRunsAsATableThatIsGoneInTheEnd()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder);
        var run = CliRun.OnTerminal(["ablate", folder.File("data.csv"), "--out", folder.File("out"), .. s_tiny]);
        Assert.Contains("dev texts right, %     1     2\nnone                 0/2     ·\nsinusoidal             ·     ·\n", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"\nsinusoidal +\d+\.\d +[012]/2\n█+░* 3 of 4 runs\nrun 4 of 4: sinusoidal, seed 2, epoch ", run.Error);
        string end = run.Error[(run.Error.LastIndexOf("\u001b[J", StringComparison.Ordinal) + 3)..];
        Assert.Matches(@"^computing baselines[^\n]+\r4 runs done in [^\n]+\n[^\n]*$", end);
    }

    [Fact]
    public void Ablate_ShardsMerged_GiveTheReportOfOneRun()
    {
        using var folder = new TemporaryFolder();
        Ablate(folder, "whole");
        Assert.Equal(0, Ablate(folder, "one", "--shard", "1/2").ExitCode);
        var missing = CliRun.Of("ablate", "merge", folder.File("data.csv"), folder.File("one"), "--out", folder.File("merged"));
        Assert.Equal(ExitCode.BadInput, missing.ExitCode);
        Assert.Contains("In no folder: ", missing.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, Ablate(folder, "two", "--shard", "2/2").ExitCode);
        var merged = CliRun.Of("ablate", "merge", folder.File("data.csv"), folder.File("one"), folder.File("two"), "--out", folder.File("merged"));
        Assert.Equal("", merged.ExitCode == 0 ? "" : merged.Error);
        Assert.Equal(Comparable(folder.File("whole/report.json")), Comparable(folder.File("merged/report.json")));
    }

    [Fact]
    public void Report_FromJsonAlone_IsTheSamePage()
    {
        using var folder = new TemporaryFolder();
        Ablate(folder, "out");
        Assert.Equal(0, CliRun.Of("report", folder.File("out/report.json"), "--out", folder.File("again")).ExitCode);
        Assert.All(["report.html", "report.md", "report.csv", "report.json", "report.tex"], name => Assert.Equal(File.ReadAllText(folder.File("out/" + name)), File.ReadAllText(folder.File("again/" + name))));
    }

    [Fact]
    public void Ablate_Json_PrintsTheReportAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var run = Ablate(folder, "out", "--json");
        Assert.Equal(OrderingAblationReport.CurrentSchema, JsonDocument.Parse(run.Output).RootElement.GetProperty("schema").GetInt32());
        Assert.StartsWith("warning: 10 rows repeat an earlier one", Assert.Single(run.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Ablate_Interrupted_SaysWhatIsKeptAndGoesOnFromIt()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder);
        using var interrupt = new CancellationTokenSource();

        var run = CliRun.Until(interrupt, line => line.StartsWith("run 3 of 4: ", StringComparison.Ordinal), ["ablate", folder.File("data.csv"), "--out", folder.File("out"), .. s_tiny]);

        Assert.Equal(ExitCode.Failure, run.ExitCode);
        Assert.EndsWith($"mlattention: interrupted; finished runs are kept in {folder.File("out/runs")}, and the same command goes on from them.", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.File("out/runs"), "*.seed*.json").Length);
        var finished = Ablate(folder, "out");
        Assert.Equal(ExitCode.Success, finished.ExitCode);
        Assert.DoesNotContain("run 2 of 4", finished.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Ablate_Force_DeletesWhatAnAblationWroteAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("out/runs"));
        folder.Write("out/runs/mine.seed1.json", "mine"); // a folder of that name that no ablation wrote
        new MlAttention.Cli.Commands.AblationFolder(folder.File("out")).DeleteEarlier();
        Assert.Equal("mine", File.ReadAllText(folder.File("out/runs/mine.seed1.json")));

        Assert.Equal(0, Ablate(folder, "other").ExitCode);
        folder.Write("other/runs/notes.txt", "mine");
        Assert.Equal(ExitCode.BadInput, Ablate(folder, "other").ExitCode);
        Assert.Equal(0, Ablate(folder, "other", "--force", "--max-length", "50").ExitCode); // another plan: its runs could not join the old ones
        Assert.Equal("mine", File.ReadAllText(folder.File("other/runs/notes.txt")));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(160)]
    public void Ablate_AnyWidth_StaysWithinIt(int width)
    {
        using var folder = new TemporaryFolder();
        WriteData(folder);
        using var output = new StringWriter();
        CommandLineApp.Run(["ablate", folder.File("data.csv"), "--out", folder.File("out"), .. s_tiny], CliConsole.Of(output, TextWriter.Null, width));
        var tooLong = output.ToString().Split('\n').Where(line => line.TrimEnd().Length > width && !line.StartsWith("Report: ", StringComparison.Ordinal));
        Assert.Empty(tooLong);
    }

    private static CliRun Ablate(TemporaryFolder folder, string output, params string[] more)
    {
        WriteData(folder);
        return CliRun.Of(["ablate", folder.File("data.csv"), "--out", folder.File(output), .. s_tiny, .. more]);
    }

    private static void WriteData(TemporaryFolder folder)
    {
        var rows = new StringBuilder("Text,Label,Group\n");
        for (int group = 0; group < 40; group++) rows.Append(FormattableString.Invariant($"dog{group % 5} bites cat{group % 7},dog,{group}\ncat{group % 7} bites dog{group % 5},cat,{group}\n"));
        folder.Write("data.csv", rows.ToString());
    }

    private static string Comparable(string path)
    {
        var report = ReportExporter.ReadJson(File.ReadAllText(path));
        return ReportExporter.Json.Export(report with { Created = default, WallSeconds = 0, Variants = [.. report.Variants.Select(result => result with { TrainingSeconds = 0 })] });
    }
}
