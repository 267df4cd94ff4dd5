using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Cli;

public class GenerateCommandTests
{
    [Fact]
    public void Generate_NewFile_WritesTheDataset()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("generate", "keyword-topics", "--out", folder.File("sub/topics.csv"));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(RepositoryFiles.Dataset("keyword_topics.csv")), File.ReadAllText(folder.File("sub/topics.csv")));
        Assert.StartsWith(ProgramVersion.Line, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_ExistingFile_IsKeptUnlessForced()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("messy.csv", "mine");
        var refused = CliRun.Of("generate", "messy", "--out", path);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));
        Assert.Equal(0, CliRun.Of("generate", "messy", "--out", path, "--force").ExitCode);
        Assert.NotEqual("mine", File.ReadAllText(path));
    }

    [Fact]
    public void Generate_ImpossibleRows_WritesNothing()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("generate", "word-order", "--rows", "7", "--out", folder.File("a.csv"));
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("mlattention: word-order makes whole groups of 6 sentences with the same words; 7 rows are no multiple of 6.", run.ErrorMessage);
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void Generate_Json_PrintsOnlyJson()
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("generate", "messy", "--out", folder.File("m.csv"), "--json");
        using var json = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.Equal(16, json.RootElement.GetProperty("rows").GetInt32());
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("nope")]
    [InlineData("generate", "nope")]
    [InlineData("generate", "messy")]
    [InlineData("generate", "messy", "--rows", "many", "--out", "x")]
    public void Run_WrongCommandLine_IsOneLineAndExitCode2(params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Version_Always_NamesTheLibraries()
    {
        var run = CliRun.Of("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(ProgramVersion.Line, run.Output.TrimEnd());
        Assert.Matches(@"ML\.NET \d+\.\d+\.\d+, TorchSharp \d+\.\d+\.\d+, libtorch \d+\.\d+\.\d+, \.NET ", run.Output);
    }
}
