using MlAttention.Cli.Options;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>What cannot be written is refused before any work is done, by every verb and for every output.</summary>
public class OutputFileTests
{
    public static TheoryData<string[]> Outputs =>
    [
        ["train", "data.csv", "--epochs", "1", "--out"],
        ["train", "data.csv", "--epochs", "1", "--out", "new.zip", "--log"],
        ["predict", "model.zip", "a text", "--out"],
        ["export", "model.zip", "--out"],
        ["inspect", "model.zip", "a text", "--out"],
        ["complexity", "--longest", "256", "--widest", "128", "--out"],
        ["generate", "messy", "--out"],
    ];

    [Theory]
    [MemberData(nameof(Outputs))]
    public void Run_FileThatCannotBeWritten_IsRefusedBeforeAnyWork(string[] command)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        folder.Write("file", "");
        foreach (var (path, reason) in ((string, string)[])[("", "give the name of a file"), (folder.File("folder"), "that is a folder"), (folder.File("new") + "/", "that is a folder"), (folder.File("file/in/it"), "is a file")])
        {
            var run = CliRun.Of([.. command, path, .. command[0] is "train" or "export" or "generate" ? new[] { "--force" } : []]);

            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains($"{command[^1]} {(path.Length == 0 ? "\"\"" : path)}: ", run.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains(reason, run.ErrorMessage, StringComparison.Ordinal);
            Assert.Single(run.ErrorMessage.Split('\n'));
            Assert.Empty(run.Output);
        }
        Assert.Equal(["file", "folder"], folder.FileNames);
    }

    [Theory]
    [InlineData("train", "data.csv", "--out", "new.zip", "--checkpoints")]
    [InlineData("ablate", "data.csv", "--quick", "--out")]
    [InlineData("ablate", "merge", "data.csv", "shard", "--out")]
    [InlineData("report", "report.json", "--out")]
    public void Run_FolderThatCannotBeWritten_IsRefusedBeforeAnyWork(params string[] command)
    {
        using var folder = new TemporaryFolder();
        folder.Write("report.json", "{}");
        foreach (var (path, reason) in ((string, string)[])[("", "give the name of a folder"), (folder.File("report.json"), "that is a file"), (folder.File("report.json/in/it"), "is a file")])
        {
            var run = CliRun.Of([.. command.Select(word => word == "report.json" ? folder.File(word) : word), path]);

            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains($"{command[^1]} {(path.Length == 0 ? "\"\"" : path)}: ", run.ErrorMessage, StringComparison.Ordinal);
            Assert.Contains(reason, run.ErrorMessage, StringComparison.Ordinal);
            Assert.Empty(run.Output);
        }
        Assert.Equal(["report.json"], folder.FileNames);
    }

    [Fact]
    public void RequireWritable_FolderWithoutPermission_SaysWhy()
    {
        if (!OperatingSystem.IsLinux()) return;
        var error = Assert.Throws<InputException>(() => OutputFile.RequireWritable("/proc/model.zip", force: false, "--out")); // no user can write there, not even root
        Assert.StartsWith("--out /proc/model.zip: cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RequireWritable_MissingFolders_AreFineAndNotMadeYet()
    {
        using var folder = new TemporaryFolder();
        OutputFile.RequireWritable(folder.File("a/b/model.zip"), force: false, "--out");
        OutputFile.RequireWritableFolder(folder.File("a/b"), "--out");
        Assert.Empty(folder.FileNames);
    }

    [Fact]
    public void Write_Failure_LeavesTheEarlierFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.zip", "earlier");
        folder.Write("model.zip.tmp", "the user's");

        Assert.Throws<IOException>(() => OutputFile.Write(path, file =>
        {
            File.WriteAllText(file, "half");
            throw new IOException("no space left");
        }));

        Assert.Equal(["model.zip", "model.zip.tmp"], folder.FileNames);
        Assert.Equal("earlier", File.ReadAllText(path));
    }

    [Fact]
    public void Ablate_ForceOverAFolderOfThatName_IsRefusedBeforeAnyWork()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("out/report.html"));
        var run = CliRun.Of("ablate", "nowhere.csv", "--out", folder.File("out"), "--force");
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("report.html: that is a folder", run.ErrorMessage, StringComparison.Ordinal);
    }
}
