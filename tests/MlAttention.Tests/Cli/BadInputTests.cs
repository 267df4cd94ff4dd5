using System.Text;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>Bad input gets one clear line and exit code 2, and nothing is written.</summary>
public class BadInputTests
{
    private const string GoodRows = "a b c,x\nb c a,y\na c b,x\nc b a,y\n";

    [Fact]
    public void Ablate_MissingFile_NamesIt() => AssertRefused(path: "nowhere.csv", content: null, "nowhere.csv", "does not exist");

    [Fact]
    public void Ablate_MissingColumn_NamesThoseThereAre() => AssertRefused("a.csv", "Sentence,Class\na b,x\nb a,y\n", "Text", "Sentence", "Class", "--text");

    [Fact]
    public void Ablate_RowWithTooFewFields_NamesTheRow() => AssertRefused("a.csv", "Text,Label\na b,x\nb a\n", "row 3");

    [Fact]
    public void Ablate_OneLabel_NamesIt() => AssertRefused("a.csv", "Text,Label\n" + string.Concat(Enumerable.Repeat("a b,only\nb a,only\n", 10)), "only", "at least 2");

    [Fact]
    public void Ablate_EmptyFile_SaysSo() => AssertRefused("a.csv", "", "empty");

    [Fact]
    public void Ablate_HeaderOnly_SaysSo() => AssertRefused("a.csv", "Text,Label\n", "a.csv");

    [Fact]
    public void Ablate_WrongEncoding_NamesTheRowAndTheEncoding()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("latin1.csv"), Encoding.Latin1.GetBytes("Text,Label\ncafé au lait,x\nthé,y\n"));
        AssertRefused(folder, "latin1.csv", "row 2", "utf-8");
    }

    [Fact]
    public void Ablate_Utf16WithoutMark_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("utf16.csv"), new UnicodeEncoding(false, byteOrderMark: false).GetBytes("Text,Label\na b,x\nb a,y\n"));
        AssertRefused(folder, "utf16.csv", "UTF-16");
    }

    [Fact]
    public void Ablate_Folder_IsNoFile()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("data.csv"));
        var run = Ablate(folder, "data.csv");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("is a folder", run.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--positions", "sideways", "shawRelative")]
    [InlineData("--seeds", "many", "10")]
    [InlineData("--seeds", "0", "at least 1")]
    [InlineData("--shard", "3/2", "2/8")]
    [InlineData("--epochs", "0", "mlattention: --epochs 0: must be at least 1.")]
    [InlineData("--width", "7", "--width 7: must be a multiple of --heads 4.")]
    [InlineData("--group", "Family", "Family")]
    public void Ablate_BadOption_SaysWhatIsAllowed(string option, string value, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("good.csv", "Text,Label\n" + string.Concat(Enumerable.Repeat(GoodRows, 10)));
        var run = CliRun.Of("ablate", folder.File("good.csv"), "--out", folder.File("out"), option, value);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(expected, run.ErrorMessage, StringComparison.Ordinal);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.Equal(["good.csv"], folder.FileNames);
    }

    [Fact]
    public void Ablate_ExistingReport_IsKept()
    {
        using var folder = new TemporaryFolder();
        folder.Write("good.csv", "Text,Label\n" + GoodRows);
        Directory.CreateDirectory(folder.File("out"));
        folder.Write("out/report.html", "mine");
        var run = Ablate(folder, "good.csv");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("--force", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.File("out/report.html")));
    }

    private static void AssertRefused(string path, string? content, params string[] expected)
    {
        using var folder = new TemporaryFolder();
        if (content is not null) folder.Write(path, content);
        AssertRefused(folder, path, expected);
    }

    private static void AssertRefused(TemporaryFolder folder, string path, params string[] expected)
    {
        string[] before = folder.FileNames;
        var run = Ablate(folder, path);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Single(run.ErrorMessage.Split('\n'));
        Assert.All(expected, words => Assert.Contains(words, run.ErrorMessage, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(before, folder.FileNames);
        Assert.Empty(run.Output);
    }

    private static CliRun Ablate(TemporaryFolder folder, string path) => CliRun.Of("ablate", folder.File(path), "--quick", "--out", folder.File("out"));
}
