using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using MlAttention.Cli.Input;
using MlAttention.Cli.Options;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class TrainPretrainedTests
{
    [Fact]
    public void KnownNames_OfTheProgram_AreTheFoldersBesideIt() => Assert.Equal(["minilm"], PretrainedOptions.KnownNames);

    [Fact]
    public void Train_FrozenLayers_KeepTheEncodersWeightsToTheBit()
    {
        using var folder = new TemporaryFolder();
        var encoder = PretrainedEncoder.Load(SmallEncoder.Folder);

        var run = Succeeds(Train(folder, "--freeze-layers", "1"));
        var model = Trained(folder);

        Assert.Contains("Pretrained: ", run.Error, StringComparison.Ordinal);
        var kept = encoder.Weights.Where(weight => !weight.Name.StartsWith("encoder.layers.1.", StringComparison.Ordinal)).ToArray();
        Assert.Contains(kept, weight => weight.Name == "embedding.weight");
        Assert.All(kept, weight => Assert.Equal(weight.Values, Weight(model, weight.Name)));
        Assert.NotEqual(encoder.Weights.Single(weight => weight.Name == "encoder.layers.1.linear1.weight").Values, Weight(model, "encoder.layers.1.linear1.weight"));
    }

    [Fact]
    public void Train_OptionsOfFineTuning_ReachTheRun()
    {
        using var folder = new TemporaryFolder();

        Succeeds(Train(folder, "--layer-decay", "0.9", "--head-rate", "7", "--freeze-layers", "2", "--learning-rate", "0.003", "--batch-size", "5", "--pooling", "cls", "--max-length", "6", "--dropout", "0.2", "--log", folder.File("log.jsonl")));
        var model = Trained(folder).Architecture;
        string options = JsonDocument.Parse(File.ReadLines(folder.File("log.jsonl")).First()).RootElement.GetProperty("details").GetProperty("training").GetString()!;

        foreach (string part in (string[])["\"LayerDecay\":0.9", "\"HeadRate\":7", "\"FrozenLayers\":2", "\"LearningRate\":0.003", "\"BatchSize\":5", "\"Epochs\":2"]) Assert.Contains(part, options, StringComparison.Ordinal);
        Assert.Equal((PoolingKind.First, 6, 0.2), (model.Pooling, model.MaxLength, model.Dropout));
    }

    [Fact]
    public void Train_WithoutOptions_TakesTheDefaultsOfFineTuning()
    {
        using var folder = new TemporaryFolder();
        Succeeds(CliRun.Of("train", folder.Write("data.csv", SmallEncoder.Rows(24)), "--out", folder.File("model.zip"), "--pretrained", SmallEncoder.Folder, "--log", folder.File("log.jsonl")));
        string options = JsonDocument.Parse(File.ReadLines(folder.File("log.jsonl")).First()).RootElement.GetProperty("details").GetProperty("training").GetString()!;
        var expected = TrainingOptions.FineTuning;
        Assert.Contains(FormattableString.Invariant($"\"Epochs\":{expected.Settle(rows: 24).Epochs},"), options, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"\"HeadRate\":{expected.Optimizer.HeadRate}"), options, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--width 12")]
    [InlineData("--heads 3")]
    [InlineData("--layers 2")]
    [InlineData("--feed-forward 20")]
    [InlineData("--symmetric-alibi")]
    [InlineData("--positions rotary")]
    [InlineData("--mask causal")]
    [InlineData("--encoder cnn")]
    [InlineData("--clip-distance 3")]
    public void Train_OptionThatTheWeightsSettle_IsRefused(string option)
    {
        using var folder = new TemporaryFolder();
        Refused(folder, Train(folder, option.Split(' ')), $"{option.Split(' ')[0]} cannot be chosen with --pretrained");
    }

    [Theory]
    [InlineData("--freeze-layers", "1")]
    [InlineData("--layer-decay", "0.9")]
    [InlineData("--head-rate", "2")]
    public void Train_OptionOfFineTuningWithoutAnEncoder_IsRefused(string option, string value)
    {
        using var folder = new TemporaryFolder();
        Refused(folder, CliRun.Of("train", folder.Write("data.csv", SmallEncoder.Rows(24)), "--out", folder.File("model.zip"), option, value), $"{option} is for a pretrained encoder; name one with --pretrained");
    }

    [Theory]
    [InlineData("--layer-decay", "0", "--layer-decay")]
    [InlineData("--head-rate", "-1", "--head-rate")]
    [InlineData("--freeze-layers", "-1", "--freeze-layers")]
    [InlineData("--freeze-layers", "3", "--freeze-layers")]
    [InlineData("--max-length", "12", "--max-length 12: bert reads texts of 3 to 11 tokens")]
    [InlineData("--max-length", "2", "--max-length 2: bert reads texts of 3 to 11 tokens")]
    public void Train_ValueOutOfRange_IsRefusedInTheCommandsWords(string option, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        Refused(folder, Train(folder, option, value), expected);
    }

    /// <summary>What there is, what a folder needs, and where was looked.</summary>
    [Fact]
    public void Train_NeitherNameNorFolder_SaysWhatThereIs()
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", SmallEncoder.Rows(24));
        foreach (string name in (string[])["bert-large", data])
        {
            var run = CliRun.Of("train", data, "--out", folder.File("model.zip"), "--pretrained", name);
            foreach (string part in (string[])[$"--pretrained {name}", "Names: minilm", "config.json", "model.safetensors", "vocab.txt", "tokenizer.json"]) Refused(folder, run, part);
        }
        Refused(folder, CliRun.Of("train", data, "--out", folder.File("model.zip"), "--pretrained", folder.Path), "config.json");
    }

    [Fact]
    public void Commands_OnAFineTunedModel_ReadTheSameTextsTheSameWay()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Train(folder, "--epochs", "30", "--learning-rate", "0.01"));
        string model = folder.File("model.zip"), data = folder.File("data.csv");
        string[] texts = ["the film was very good", "", "zz yy", "the cat was not not not not bad it is"];

        var evaluated = JsonDocument.Parse(Succeeds(CliRun.Of("evaluate", model, data, "--json")).Output).RootElement;
        string[][] predicted = [.. Succeeds(CliRun.Piped(string.Join('\n', texts) + "\n", "predict", model, "--quiet")).Output.TrimEnd().Split('\n').Select(line => line.Split('\t'))];
        var inspected = Succeeds(CliRun.Of("inspect", model, "the film was very good", "--out", folder.File("heads.html")));
        Succeeds(CliRun.Of("export", model, "-o", folder.File("model.safetensors")));
        var classifier = TextClassifier.Load(folder.File("model.safetensors"));

        Assert.Equal(1, evaluated.GetProperty("microAccuracy").GetDouble());
        Assert.Equal("plus", predicted[0][0]);
        Assert.Equal(["(empty)", "(no known word)", FormattableString.Invariant($"(cut to {SmallEncoder.LongestText} tokens)")], predicted[1..].Select(fields => fields[3]));
        Assert.Contains("[CLS] | the | film | was | very | good | [SEP]", inspected.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("heads.html")));
        Assert.Contains("| ☃☃ (unknown) | [SEP]; 1 unknown to the model", Succeeds(CliRun.Of("inspect", model, "the film ☃☃")).Output, StringComparison.Ordinal);
        for (int text = 0; text < texts.Length; text++)
        {
            var alone = classifier.Predict(texts[text]);
            Assert.Equal((predicted[text][0], predicted[text][1]), (alone.Label, alone.Probability.ToString("0.0000", CultureInfo.InvariantCulture)));
        }
    }

    private static CliRun Train(TemporaryFolder folder, params string[] options)
    {
        string[] epochs = options.Contains("--epochs") ? [] : ["--epochs", "2"];
        return CliRun.Of(["train", folder.Write("data.csv", SmallEncoder.Rows(24)), "--out", folder.File("model.zip"), "--pretrained", SmallEncoder.Folder, .. epochs, .. options]);
    }

    private static AttentionClassifierModel Trained(TemporaryFolder folder) => SavedModel.ClassifierOf(SavedModel.Load(new MLContext(1), folder.File("model.zip"))).Model;

    private static float[] Weight(AttentionClassifierModel model, string name) => model.Weights.Single(weight => weight.Name == name).Values;

    private static void Refused(TemporaryFolder folder, CliRun run, string expected)
    {
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
