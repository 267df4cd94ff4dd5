using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class HelpTests
{
    [Fact]
    public void Help_Root_IsOfMlattentionAndListsTheVerbs()
    {
        var run = CliRun.Of("--help");
        Assert.Equal(ExitCode.Success, run.ExitCode);
        Assert.Matches(@"Usage:\s+mlattention \[command\]", run.Output);
        foreach (string verb in new[] { "ablate", "report", "compare", "train", "pretrain", "evaluate", "predict", "embed", "export", "inspect", "complexity", "generate", "Exit codes: 0", "--version" })
            Assert.Contains(verb, run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ablate", "--seeds")]
    [InlineData("ablate merge", "folders")]
    [InlineData("report", "report.json")]
    [InlineData("compare", "report.json")]
    [InlineData("inspect", "model")]
    [InlineData("embed", "--no-normalize")]
    [InlineData("train", "--freeze-layers")]
    [InlineData("pretrain", "--masked-share")]
    [InlineData("complexity", "--longest")]
    [InlineData("generate word-order", "--rows")]
    public void Help_Verb_HasUsageQuietAndJson(string verb, string expected)
    {
        var run = CliRun.Of([.. verb.Split(' '), "--help"]);
        Assert.Equal(ExitCode.Success, run.ExitCode);
        foreach (string part in new[] { $"mlattention {verb}", expected, "--quiet", "--json", "--help" }) Assert.Contains(part, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WrongOption_NamesTheHelpOfItsVerb() =>
        Assert.Contains("(see mlattention complexity --help)", CliRun.Of("complexity", "--nope").Error, StringComparison.Ordinal);
}
