using System.Text.Json;
using Microsoft.ML;
using MlAttention.Cli.Input;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>train --from, and runs that end by --max-minutes.</summary>
public class TrainOnTests
{
    [Fact]
    public void From_NewWordsAndLabels_KeepsTheOldOnesAndSaysHowMany()
    {
        using var folder = new TemporaryFolder();
        string first = folder.Write("first.csv", "title;kind\n" + Rows(60, ("good thing", "plus"), ("bad thing", "minus")));
        string more = folder.Write("more.csv", "title;kind\n" + Rows(60, ("good thing", "plus"), ("odd matter", "zero")));
        Succeeds(CliRun.Of("train", first, "--out", folder.File("model.zip"), "--epochs", "8", "--text", "title", "--label", "kind", "--delimiter", "semicolon"));

        var run = Succeeds(CliRun.Of("train", more, "--from", folder.File("model.zip"), "--out", folder.File("more.zip"), "--epochs", "8", "--max-length", "20"));

        Assert.Contains("warning: the data has no row of 1 of the 2 labels of --from: 'minus'.", run.Error, StringComparison.Ordinal);
        Assert.Contains(" from the model of --from. 8 tokens taken over, 2 new, 0 dropped. 2 labels taken over, 1 new, 0 dropped.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the model was trained on", run.Error, StringComparison.Ordinal);
        var model = SavedModel.ClassifierOf(SavedModel.Load(new MLContext(1), folder.File("more.zip"))).Model;
        Assert.Equal(["plus", "minus", "zero"], model.Labels!.Formatted);
        Assert.Equal(20, model.Architecture.MaxLength);
        Assert.StartsWith("zero\t", Succeeds(CliRun.Of("predict", folder.File("more.zip"), "odd matter", "--quiet")).Output, StringComparison.Ordinal);
        Assert.StartsWith("plus\t", Succeeds(CliRun.Of("predict", folder.File("more.zip"), "good thing", "--quiet")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void From_OneNewLabelAlone_IsEnough()
    {
        using var folder = new TemporaryFolder();
        Train(folder);

        var run = Succeeds(CliRun.Of("train", folder.Write("more.csv", "Text,Label\n" + Rows(20, ("odd matter", "zero")).Replace(';', ',')), "--from", folder.File("model.zip"), "--out", folder.File("more.zip"), "--epochs", "1"));

        Assert.Contains("labels of --from: 'plus', 'minus'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void From_FineTunedModel_TakesTheOptionsOfFineTuning()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", SmallEncoder.Rows(24));
        Succeeds(CliRun.Of("train", data, "--out", folder.File("model.zip"), "--pretrained", SmallEncoder.Folder, "--epochs", "1"));

        Succeeds(CliRun.Of("train", data, "--from", folder.File("model.zip"), "--out", folder.File("more.zip"), "--epochs", "1", "--freeze-layers", "2", "--log", folder.File("log.jsonl")));

        string options = JsonDocument.Parse(File.ReadLines(folder.File("log.jsonl")).First()).RootElement.GetProperty("details").GetProperty("training").GetString()!;
        Assert.Contains("\"HeadRate\":10", options, StringComparison.Ordinal);
        Assert.Equal(Embedding("model.zip"), Embedding("more.zip"));

        float[] Embedding(string file) => SavedModel.ClassifierOf(SavedModel.Load(new MLContext(1), folder.File(file))).Model.Weights.Single(weight => weight.Name == "embedding.weight").Values;
    }

    [Theory]
    [InlineData("--width 32 --positions rotary", "--positions rotary: must be Sinusoidal, as the weights of the model of --from need. --width 32: must be 64, as the weights of the model of --from need.")]
    [InlineData("--pretrained minilm", "Give either --pretrained or --from")]
    [InlineData("--head-rate 2", "--head-rate is for a pretrained encoder")]
    [InlineData("--max-minutes 0", "--max-minutes 0: must be more than 0")]
    [InlineData("--max-minutes 1e300", "--max-minutes 1E+300: must be more than 0 and at most 10000000 minutes.")]
    public void From_WhatDoesNotFit_IsOneLine(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        Train(folder);

        var run = CliRun.Of(["train", folder.File("data.csv"), "--from", folder.File("model.zip"), "--out", folder.File("more.zip"), .. options.Split(' ')]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.StartsWith($"mlattention: {expected}", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
    }

    [Fact]
    public void From_NoModel_SaysWhatIsThere()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", Plain(20));
        Assert.Contains("nothing.zip does not exist", CliRun.Of("train", data, "--from", folder.File("nothing.zip")).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("that is a folder, not a model file", CliRun.Of("train", data, "--from", folder.Path).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void MaxMinutes_AreOver_WritesTheBestModelAndSaysWhy()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["train", folder.Write("data.csv", Plain(60)), "--out", folder.File("model.zip"), "--max-minutes", "0.000001"];

        var run = Succeeds(CliRun.Of(command));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of([.. command, "--json", "--force"])).Output).RootElement;

        Assert.Contains("Stopped early: the time of --max-minutes is over after step 1 of ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith(", after epoch 1 of 1, whose weights are kept; --max-minutes ended training within an epoch\n", run.Output, StringComparison.Ordinal);
        Assert.Equal("maxDuration", json.GetProperty("stopReason").GetString());
        Succeeds(CliRun.Of("predict", folder.File("model.zip"), "good thing"));
    }

    [Fact]
    public void MaxMinutes_OnAnInterruptedRun_WritesItsBestModelAtOnce()
    {
        using var folder = new TemporaryFolder();
        string[] command = ["train", folder.Write("data.csv", Plain(60)), "--out", folder.File("model.zip"), "--checkpoints", folder.File("run"), "--epochs", "9"];
        using var interrupt = new CancellationTokenSource();
        var interrupted = CliRun.Until(interrupt, line => line.StartsWith("Epoch 2", StringComparison.Ordinal), command);

        var run = Succeeds(CliRun.Of([.. command, "--max-minutes", "0.000001"]));

        Assert.Contains("with --max-minutes 0.01 it writes the best model so far.", interrupted.ErrorMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("Epoch 3", run.Error, StringComparison.Ordinal);
        Assert.Contains("after epoch 2 of 9.", run.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("model.zip")));
    }

    private static void Train(TemporaryFolder folder) => Succeeds(CliRun.Of("train", folder.Write("data.csv", Plain(60)), "--out", folder.File("model.zip"), "--epochs", "1"));

    private static string Plain(int pairs) => "Text,Label\n" + Rows(pairs, ("good thing", "plus"), ("bad thing", "minus")).Replace(';', ',');

    private static string Rows(int count, params (string Text, string Label)[] kinds) =>
        string.Concat(Enumerable.Range(0, count).SelectMany(row => kinds.Select(kind => FormattableString.Invariant($"{kind.Text} number{row % 5};{kind.Label}\n"))));

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
