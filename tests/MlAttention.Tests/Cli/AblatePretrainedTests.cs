using MlAttention.Ablation.Reporting;
using MlAttention.Cli.Terminal;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Cli;

/// <summary>The ablation of a pretrained encoder on the command line, with a folder of a tiny one.</summary>
public class AblatePretrainedTests
{
    private static readonly string[] s_small = ["--quick", "--seeds", "2", "--epochs", "1", "--variants", "ordered,zero,testShuffled", "--learning-rate", "0.002"];

    [Fact]
    public void Ablate_PretrainedFolder_WritesEveryFormatAndNamesTheEncoder()
    {
        using var folder = new TemporaryFolder();
        var run = Ablate(folder, "out", "--verbose");
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        foreach (string part in new[] { "ordered", "no positions (zero)", "shuffled at test", "mean of static piece vectors", "length only" }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
        var report = ReportExporter.ReadJson(File.ReadAllText(folder.File("out/report.json")));
        Assert.Equal(("encoder", "bert"), (report.Plan.PretrainedDetails!.Encoder!.Name, report.Plan.PretrainedDetails.Encoder.Family));
        Assert.Equal([0.002], report.Plan.PretrainedDetails.LearningRates);
        Assert.All(PublishedFacts.Of(report).Take(3), fact => Assert.Equal(FactOutcome.Agrees, fact.Outcome));
        Assert.Contains("What word order is worth to a pretrained encoder: data.csv", File.ReadAllText(folder.File("out/report.html")), StringComparison.Ordinal);

        Assert.Equal(0, CliRun.Of("report", folder.File("out/report.json"), "--out", folder.File("again")).ExitCode);
        Assert.All(["report.html", "report.md", "report.csv", "report.json", "report.tex"], name => Assert.Equal(File.ReadAllText(folder.File("out/" + name)), File.ReadAllText(folder.File("again/" + name))));
    }

    [Fact]
    public void Merge_ShardsOfAnEncoder_NeedItAgain()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Ablate(folder, "whole").ExitCode);
        Assert.Equal(0, Ablate(folder, "one", "--shard", "1/2").ExitCode);
        Assert.Equal(0, Ablate(folder, "two", "--shard", "2/2").ExitCode);
        string[] merge = ["ablate", "merge", folder.File("data.csv"), folder.File("one"), folder.File("two"), "--out", folder.File("merged")];

        var without = CliRun.Of(merge);
        Assert.Equal(ExitCode.BadInput, without.ExitCode);
        Assert.Contains("The shards are of the pretrained encoder encoder; name it with --pretrained", without.ErrorMessage, StringComparison.Ordinal);
        TinyEncoder.Create(seed: 2).SaveHuggingFace(folder.File("other"));
        Assert.Contains("its weights differ", CliRun.Of([.. merge, "--pretrained", folder.File("other")]).ErrorMessage, StringComparison.Ordinal);

        var merged = CliRun.Of([.. merge, "--pretrained", folder.File("encoder")]);
        Assert.Equal("", merged.ExitCode == 0 ? "" : merged.Error);
        var (one, other) = (Read(folder.File("whole/report.json")), Read(folder.File("merged/report.json")));
        Assert.Equal(one.Variants.Select(result => result.MeanAccuracy), other.Variants.Select(result => result.MeanAccuracy));
        Assert.Equal(one.Comparisons.Select(comparison => comparison.Interval), other.Comparisons.Select(comparison => comparison.Interval));
    }

    [Theory]
    [InlineData("--positions", "none", "--positions cannot be chosen with --pretrained")]
    [InlineData("--width", "8", "--width cannot be chosen with --pretrained")]
    [InlineData("--variants", "ordered,upsideDown", "--variants upsideDown: there is no such value")]
    [InlineData("--variants", "zero", "--variants zero: must name Ordered")]
    [InlineData("--learning-rate", "0", "--learning-rate 0: must name at least one, all greater than 0")]
    [InlineData("--permutations", "0", "--permutations 0: must be at least 1")]
    public void Ablate_WhatDoesNotGoWithAnEncoder_IsRefused(string option, string value, string message)
    {
        using var folder = new TemporaryFolder();
        WriteData(folder);
        var run = CliRun.Of("ablate", folder.File("data.csv"), "--pretrained", folder.File("encoder"), "--out", folder.File("out"), option, value);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.ErrorMessage, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void Ablate_LengthStudyOrVariantsInTheWrongPlace_AreRefused()
    {
        using var folder = new TemporaryFolder();
        WriteData(folder);
        Assert.Contains("leave it out with --pretrained", CliRun.Of("ablate", folder.File("data.csv"), "--pretrained", folder.File("encoder"), "--out", folder.File("out"), "--length-study").ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("--variants is for a pretrained encoder", CliRun.Of("ablate", folder.File("data.csv"), "--out", folder.File("out"), "--variants", "zero").ErrorMessage, StringComparison.Ordinal);
    }

    private static OrderingAblationReport Read(string path) => ReportExporter.ReadJson(File.ReadAllText(path));

    private static CliRun Ablate(TemporaryFolder folder, string output, params string[] more)
    {
        WriteData(folder);
        return CliRun.Of(["ablate", folder.File("data.csv"), "--pretrained", folder.File("encoder"), "--out", folder.File(output), .. s_small, .. more]);
    }

    private static void WriteData(TemporaryFolder folder)
    {
        if (Directory.Exists(folder.File("encoder"))) return;
        TinyEncoder.Create().SaveHuggingFace(folder.File("encoder"));
        File.WriteAllText(folder.File("data.csv"), "Text,Label,Group\n" + string.Concat(TinyEncoder.Rows.Select(row => $"\"{row.Text}\",{row.Label},{row.Group}\n")));
    }
}
