using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public class OverwrittenInputTests
{
    [Theory]
    [InlineData("train data.csv --out data.csv", "--out")]
    [InlineData("train dat?.csv --out ./data.csv", "--out")]
    [InlineData("train other.csv --validation data.csv --log data.csv", "--log")]
    [InlineData("evaluate model.zip data.csv --errors data.csv", "--errors")]
    [InlineData("evaluate data.csv other.csv --out data.csv", "--out")]
    [InlineData("predict model.zip --data data.csv --out data.csv", "--out")]
    [InlineData("export data.csv --out data.csv", "--out")]
    public void Run_OutputIsAnInput_IsRefusedWithForceTooAndLeavesTheFile(string commandLine, string option)
    {
        using var folder = new TemporaryFolder();
        string data = folder.Write("data.csv", "Text,Label\na,b\n");
        string[] arguments = [.. commandLine.Split(' ').Select(word => word.EndsWith(".csv", StringComparison.Ordinal) || word.EndsWith(".zip", StringComparison.Ordinal) ? folder.File(word) : word)];
        string[] force = arguments[0] == "train" || arguments[0] == "predict" || arguments[0] == "export" ? ["--force"] : [];

        var run = CliRun.Of([.. arguments, .. force]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains($"{option} ", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("the command reads that file", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Text,Label\na,b\n", File.ReadAllText(data));
    }
}
