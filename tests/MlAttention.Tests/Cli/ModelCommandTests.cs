using System.Text;
using System.Text.Json;
using MlAttention.Cli;

namespace MlAttention.Tests.Cli;

public class ModelCommandTests
{
    [Fact]
    public void Train_ThenEvaluatePredictAndInspect_WorkOnTheSavedModel()
    {
        using var folder = new TemporaryFolder();
        var rows = new StringBuilder("Text,Label\n");
        for (int row = 0; row < 60; row++) rows.Append(FormattableString.Invariant($"good thing number{row % 7},plus\nbad thing number{row % 5},minus\n"));
        string data = folder.Write("data.csv", rows.ToString()), model = folder.File("model.zip");

        Succeeds(CliRun.Of("train", data, "--out", model, "--epochs", "6", "--quiet"));
        var evaluated = Succeeds(CliRun.Of("evaluate", model, data, "--json"));
        Assert.Equal(1, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("microAccuracy").GetDouble(), 2);
        var predicted = Succeeds(CliRun.Of("predict", model, "a good thing", "a bad thing", "--quiet"));
        Assert.Equal(["plus", "minus"], predicted.Output.TrimEnd().Split('\n').Select(line => line.Split('\t')[0]));
        var inspected = Succeeds(CliRun.Of("inspect", model, "a good <thing>", "--out", folder.File("attention.html")));
        Assert.Contains("on itself", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("&lt;", File.ReadAllText(folder.File("attention.html")), StringComparison.Ordinal);

        var refused = CliRun.Of("train", data, "--out", model);
        Assert.Equal(ExitCode.BadInput, refused.ExitCode);
        Assert.Contains("--force", refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evaluate", "nowhere.zip", "data.csv")]
    [InlineData("predict", "nowhere.zip", "text")]
    [InlineData("inspect", "nowhere.zip", "text")]
    [InlineData("report", "nowhere.json")]
    [InlineData("complexity", "--longest", "100")]
    public void Run_MissingInput_IsOneLineAndExitCode2(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Single(run.ErrorMessage.Split('\n'));
    }

    [Fact]
    public void Train_OneLabel_IsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("train", folder.Write("data.csv", "Text,Label\na,x\nb,x\n"), "--out", folder.File("model.zip"));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("only the label 'x'", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(["data.csv"], folder.FileNames);
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
        return run;
    }
}
