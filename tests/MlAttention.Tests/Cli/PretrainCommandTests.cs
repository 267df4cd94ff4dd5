using System.Text.Json;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class PretrainCommandTests
{
    [Fact]
    public void Pretrain_Texts_WritesAFolderThatTrainStartsFrom()
    {
        using var folder = new TemporaryFolder();
        var json = JsonDocument.Parse(Succeeds(Pretrain(folder, "--json")).Output).RootElement;
        var encoder = PretrainedEncoder.Load(folder.File("encoder"));

        Assert.Equal((1, 12, 3, 20, 14), (encoder.Architecture.Layers, encoder.Architecture.ModelWidth, encoder.Architecture.Heads, encoder.Architecture.FeedForwardWidth, encoder.Architecture.MaxLength));
        Assert.Equal(encoder.Tokenizer.VocabularySize, json.GetProperty("vocabulary").GetInt32());
        Assert.InRange(encoder.Tokenizer.VocabularySize, 6, 50);
        Assert.Equal(2, json.GetProperty("perplexities").GetArrayLength());
        Assert.True(json.GetProperty("perplexity").GetDouble() < json.GetProperty("perplexityBefore").GetDouble());
        Assert.Equal(0, CliRun.Of("train", folder.Write("labelled.csv", SmallEncoder.Rows(24)), "--out", folder.File("model.zip"), "--pretrained", folder.File("encoder"), "--epochs", "1", "--quiet").ExitCode);
    }

    [Fact]
    public void Pretrain_GoingOnFromAnEncoder_SaysPerplexityBeforeAndAfter()
    {
        using var folder = new TemporaryFolder();
        var run = Succeeds(CliRun.Of("pretrain", Texts(folder), "--out", folder.File("encoder"), "--pretrained", SmallEncoder.Folder, "--epochs", "2", "--max-length", "7", "--masked-share", "0.3", "--text", "Body"));

        Assert.Contains("from the encoder 'bert' (bert); the head that predicts masked tokens starts from the seed", run.Error, StringComparison.Ordinal);
        Assert.Matches(@"encoder: perplexity \d+\.\d\d on \d+ held-out texts, \d+\.\d\d before training, after epoch [12] of 2, whose weights are kept", run.Output);
        Assert.Equal(SmallEncoder.Width, PretrainedEncoder.Load(folder.File("encoder")).Architecture.ModelWidth);
    }

    [Fact]
    public void Pretrain_OptionsOfTheRun_ReachIt()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Pretrain(folder, "--cased", "--batch-size", "7", "--learning-rate", "0.003", "--dropout", "0.2", "--seed", "5", "--log", folder.File("log.jsonl"), "--checkpoints", folder.File("state")));
        string options = JsonDocument.Parse(File.ReadLines(folder.File("log.jsonl")).First()).RootElement.GetProperty("details").GetProperty("training").GetString()!;

        foreach (string part in (string[])["\"BatchSize\":7", "\"LearningRate\":0.003", "\"Epochs\":2", "\"Seed\":5"]) Assert.Contains(part, options, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.File("state")));
        Assert.Contains("The", PretrainedEncoder.Load(folder.File("encoder")).Tokenizer.Tokens);
        Assert.Contains("Resumed from", Succeeds(Pretrain(folder, "--cased", "--batch-size", "7", "--learning-rate", "0.003", "--dropout", "0.2", "--seed", "5", "--checkpoints", folder.File("state"), "--force")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--width 12 --pretrained BERT", "--width cannot be chosen with --pretrained")]
    [InlineData("--vocabulary 50 --pretrained BERT", "--vocabulary cannot be chosen with --pretrained")]
    [InlineData("--max-length 12 --pretrained BERT", "bert reads texts of 3 to 11 tokens")]
    [InlineData("--masked-share 1", "--masked-share 1: must be above 0 and below 1")]
    [InlineData("--vocabulary 5", "no place beside the 5 special ones")]
    [InlineData("--text Missing", "Missing")]
    [InlineData("--max-minutes 0", "--max-minutes 0: must be more than 0")]
    public void Pretrain_WhatCannotBe_IsRefusedInTheCommandsWords(string options, string expected)
    {
        using var folder = new TemporaryFolder();
        string data = Texts(folder);
        var run = CliRun.Of(["pretrain", data, "--out", folder.File("encoder"), "--text", "Body", .. options.Replace("BERT", SmallEncoder.Folder, StringComparison.Ordinal).Split(' ')]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    [Fact]
    public void Pretrain_FolderThatIsThere_IsReplacedOnlyByForce()
    {
        using var folder = new TemporaryFolder();
        Succeeds(Pretrain(folder, "--quiet"));
        var again = Pretrain(folder, "--quiet");

        Assert.Equal(ExitCode.BadInput, again.ExitCode);
        Assert.Contains("exists and is not empty", again.ErrorMessage, StringComparison.Ordinal);
        Succeeds(Pretrain(folder, "--quiet", "--force"));
    }

    private static CliRun Pretrain(TemporaryFolder folder, params string[] options) => CliRun.Of(
    [
        "pretrain", Texts(folder), "--out", folder.File("encoder"), "--text", "Body", "--width", "12", "--heads", "3", "--layers", "1", "--feed-forward", "20", "--max-length", "14", "--vocabulary", "50", "--epochs", "2", .. options,
    ]);

    /// <summary>Texts without labels.</summary>
    private static string Texts(TemporaryFolder folder) => folder.Write("data.csv", "Body\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"The {(row % 2 == 0 ? "film" : "cat")} was {(row % 3 == 0 ? "very good" : "not bad")} {(char)('a' + row % 11)}\n")));

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
