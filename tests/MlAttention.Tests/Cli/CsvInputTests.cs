using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using MlAttention.Cli.Input;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

public sealed class CsvInputTests : IDisposable
{
    private static readonly string s_rows = string.Concat(Enumerable.Range(0, 20).Select(row => $"good {row},plus\nbad {row},minus\n"));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("windows-1252", 1252)]
    [InlineData("cp1252", 1252)]
    [InlineData("CP1252", 1252)]
    [InlineData("cp1253", 1253)]
    [InlineData("cp1258", 1258)]
    [InlineData("1252", 1252)]
    [InlineData("latin1", 28591)]
    [InlineData("iso-8859-1", 28591)]
    [InlineData("cp850", 850)]
    [InlineData("koi8-r", 20866)]
    [InlineData("shift_jis", 932)]
    [InlineData("utf8", 65001)]
    [InlineData("UTF-8", 65001)]
    [InlineData("utf-8-sig", 65001)]
    [InlineData("utf-16", 1200)]
    [InlineData("utf-16be", 1201)]
    public void Find_UsualName_IsThatEncoding(string name, int codePage) => Assert.Equal(codePage, EncodingNames.Find(name).CodePage);

    [Theory]
    [InlineData("ansi")]
    [InlineData("0")]
    [InlineData("cp")]
    [InlineData("99999999999")]
    [InlineData("utf-7")]
    [InlineData("")]
    public void Find_NoEncoding_AdvisesOneThatWorks(string name)
    {
        string message = Assert.Throws<InputException>(() => EncodingNames.Find(name)).Message;

        Assert.StartsWith($"--encoding {name}: there is no such encoding", message, StringComparison.Ordinal);
        Assert.All(Regex.Matches(message[message.IndexOf("Try", StringComparison.Ordinal)..], "utf-[0-9]+|iso-[0-9-]+[0-9]|windows-[0-9]+"), advised => EncodingNames.Find(advised.Value));
    }

    [Theory]
    [InlineData("-", "standard input")]
    [InlineData("folder/data.csv", "data.csv")]
    [InlineData("data/snips7/train.csv", "snips7/train.csv")]
    [InlineData("data/snips7/../banking77/Training.csv.gz", "banking77/Training.csv.gz")]
    [InlineData("folder/trains.csv", "trains.csv")]
    public void NameOf_Input_IsWhatReportsCallIt(string path, string name) => Assert.Equal(name, CsvInput.NameOf(path));

    [Fact]
    public void Train_FileOfWindows_SaysTheEncodingAndReadsItAsAdvised()
    {
        byte[] content = CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes("Text,Label\n" + s_rows + "“€” gut,plus\n“€” schlecht,minus\n");
        File.WriteAllBytes(_folder.File("a.csv"), content);

        var refused = Train("a.csv");
        var read = Train("a.csv", "--encoding", "windows-1252");
        var predicted = CliRun.Of("predict", _folder.File("model.zip"), "--data", _folder.File("a.csv"), "--quiet");

        Assert.Contains("row 42, column 'Text'", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("Set --encoding to the file's encoding, for example windows-1252", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("", read.ExitCode == 0 ? "" : read.Error);
        Assert.Contains("“€” gut", predicted.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tab", '\t')]
    [InlineData("\\t", '\t')]
    [InlineData("\t", '\t')]
    [InlineData("Semicolon", ';')]
    [InlineData("pipe", '|')]
    [InlineData("comma", ',')]
    [InlineData("::", ':')]
    public void Train_DelimiterByNameOrCharacter_ReadsTheFile(string name, char delimiter)
    {
        string text = name == "::" ? "::" : delimiter.ToString();
        _folder.Write("a.csv", ("Text,Label\n" + s_rows).Replace(",", text, StringComparison.Ordinal));

        var run = Train("a.csv", "--delimiter", name);

        Assert.Equal("", run.ExitCode == 0 ? "" : run.Error);
    }

    [Fact]
    public void Train_Trim_ReadsBlanksAroundNamesAndLabelsAndTheModelRemembersIt()
    {
        _folder.Write("a.csv", "Text , Label\n" + s_rows.Replace("plus\nbad", "plus \nbad", StringComparison.Ordinal) + "good,plus\n");

        Assert.Equal("", Train("a.csv", "--trim") is { ExitCode: 0 } ? "" : "failed");
        var evaluated = CliRun.Of("evaluate", _folder.File("model.zip"), _folder.File("a.csv"), "--quiet");

        Assert.StartsWith("41 rows: ", evaluated.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("does not know", evaluated.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StandardInput_IsReadByEveryCommandThatReadsFiles()
    {
        _folder.Write("a.csv", "Text,Label\n" + s_rows);
        string input = "Text,Label\n" + s_rows, model = _folder.File("model.zip");

        Assert.Equal(0, Process("train", input, "-", "--out", model, "--epochs", "2", "--quiet").ExitCode);
        Assert.StartsWith("40 rows: ", Process("evaluate", input, model, "-", "--quiet").Output, StringComparison.Ordinal);
        Assert.Equal(40, Process("predict", input, model, "--data", "-", "--quiet").Output.TrimEnd().Split('\n').Length);
        Assert.Contains("given twice", Process("ablate", input, "-", "--test", "-", "--out", _folder.File("report")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenGrouped_GroupInSomeFilesOnly_AsksWhatIsMeant()
    {
        _folder.Write("a.csv", "Text,Label,Group\na,x,1\nb,y,2\n");
        _folder.Write("b.csv", "Text,Label\na,x\nb,y\n");

        var run = CliRun.Of("train", _folder.File("a.csv"), _folder.File("b.csv"), "--out", _folder.File("model.zip"));

        Assert.Contains("b.csv has none. Give --group none, or a column of both.", run.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
    }

    public static TheoryData<string, string[]> BadInputs => new()
    {
        { "", [] },
        { "Text,Label\n", [] },
        { "Text;Label\na;x\n", [] },
        { "Text , Label\na,x\n", [] },
        { "Body,Label\na,x\n", [] },
        { "Text,Class\na,x\n", [] },
        { "Text,Text,Label\na,b,x\n", [] },
        { "Text,Label\na,x\nb\n", [] },
        { "Text,Label\n5\" disk,x\n", [] },
        { "Text,Label\n5\" disk,x\nb,y\n", ["--skip-bad-rows"] },
        { "Text,Label\n\"a\"b\",x\n", [] },
        { "Text,Label\na,\"never closed\nb,y\n", [] },
        { "Text,Label\na,\"" + new string('x', 1_000_001) + "\n", [] },
        { "Text,Label\na,\uFFFF\n", [] },
        { "T\0e\0x\0t\0,\0L\0\n\0", [] },
        { "Text,Label\na,x\nb,x\n", [] },
        { "Text,Label\na,1\nb,2\n", [] },
        { "Text,Label\na,x\nb,y\n", ["--group", "Nope"] },
        { "Text,Label\na,x\nb,y\n", ["--group", "Label"] },
        { "Text,Label,Group\na,x,g\nb,y,g\n", ["--group", "Group"] },
        { "Text,Label\na,x\nb,y\n", ["--text", "Label"] },
        { "Text,Label\na,x\nb,y\n", ["--text", ""] },
        { "Text,Label\na,x\nb,y\n", ["--text", "Text", "--text", "Text"] },
        { "Text,Label\na,x\nb,y\n", ["--no-header"] },
        { "a,x\nb,y\n", ["--no-header", "--text", "0", "--label", "7"] },
        { "Text,Label\na,x\nb,y\n", ["--delimiter", ""] },
        { "Text,Label\na,x\nb,y\n", ["--delimiter", "\n"] },
        { "Text,Label\na,x\nb,y\n", ["--quote", ","] },
        { "Text,Label\na,x\nb,y\n", ["--quote", ""] },
        { "Text,Label\na,x\nb,y\n", ["--encoding", "ansi"] },
    };

    [Theory]
    [MemberData(nameof(BadInputs))]
    public void Ablate_BadInput_IsSaidInTheWordsOfTheCommandLine(string content, string[] options)
    {
        File.WriteAllBytes(_folder.File("a.csv"), content.Contains('\uFFFF', StringComparison.Ordinal) ? Encoding.Latin1.GetBytes("Text,Label\nça,x\n") : Encoding.UTF8.GetBytes(content));

        var run = CliRun.Of(["ablate", _folder.File("a.csv"), "--out", _folder.File("report"), "--quick", "--epochs", "1", "--quiet", .. options]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.DoesNotContain(Regex.Matches(run.Error.Replace(_folder.Path, "", StringComparison.Ordinal), @"\w+").Select(word => word.Value), s_namesOfTheLibrary.Contains);
        Assert.Equal(["a.csv"], _folder.FileNames);
    }

    /// <summary>Names of the library's types and of the options of reading that are no words: they have a capital letter inside.</summary>
    private static readonly HashSet<string> s_namesOfTheLibrary = [.. typeof(CsvOptions).Assembly.GetExportedTypes().Select(type => type.Name)
        .Concat(typeof(CsvOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(property => property.Name))
        .Concat([nameof(CsvOptions), "CodePagesEncodingProvider", "GetEncoding", "Parameter"])
        .Where(name => name.Skip(1).Any(char.IsUpper) || name == "Parameter")];

    private CliRun Train(string file, params string[] options) =>
        CliRun.Of(["train", _folder.File(file), "--out", _folder.File("model.zip"), "--epochs", "1", "--quiet", "--force", .. options]);

    private static (int ExitCode, string Output, string Error) Process(string command, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(CsvInput).Assembly.Location, command, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
