using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class UnknownOptionTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Theory]
    [InlineData("--threshold", "predict", "model.zip", "--treshold", "0.5", "text")]
    [InlineData("--threshold", "predict", "model.zip", "--treshold=0.5", "text")]
    [InlineData("--threshold", "predict", "model.zip", "--treshold 0.5", "text")]
    [InlineData("--threshold", "predict", "model.zip", "--data", "data.csv", "--treshold", "0.5")]
    [InlineData("--threshold", "predict", "model.zip", "--out", "--treshold", "text")]
    [InlineData("ablate, train, evaluate and inspect", "predict", "model.zip", "--data", "data.csv", "--label", "Label")]
    [InlineData("--out", "evaluate", "model.zip", "data.csv", "--output", "r.json")]
    [InlineData("--out", "evaluate", "model.zip", "data.csv", "-output", "r.json")]
    [InlineData("--quiet", "evaluate", "model.zip", "data.csv", "--Quiet")]
    [InlineData("--epochs", "train", "data.csv", "--epoch", "3")]
    public void Run_UnknownOption_IsRefusedWithTheNearestOne(string nearest, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Matches($"^mlattention: {args[0]} has no option --?[a-zA-Z]+\\.", run.ErrorMessage);
        Assert.Contains(nearest, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Run_UnknownOptionLikeNoOther_NamesNone() =>
        Assert.DoesNotContain("meant?", CliRun.Of("predict", "model.zip", "--zzzzzzzz", "text").ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public void Run_UnknownOptionOfASubcommand_NamesTheWholePathOfItsHelp() =>
        Assert.Contains("(see mlattention ablate merge --help)", CliRun.Of("ablate", "merge", "a.csv", "folder", "--nope").ErrorMessage, StringComparison.Ordinal);

    [Theory]
    [InlineData("--", "--treshold", "-x", "a")]
    [InlineData("-)", "-5 degrees", "@someone hello", "a - b")]
    public void Predict_WordsThatAreTexts_AreClassified(params string[] words)
    {
        var run = CliRun.Of(["predict", model.Path, .. words]);
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        Assert.Equal(words.Where(word => word != "--"), run.Output.TrimEnd().Split('\n').Select(line => line.Split('\t')[2]));
    }

    [Fact]
    public void Run_ValueThatBeginsWithADash_ComesAfterAnEqualsSign() =>
        Assert.StartsWith("-none-\t", CliRun.Of("predict", model.Path, "money", "--threshold", "1", "--unsure=-none-").Output, StringComparison.Ordinal);
}
