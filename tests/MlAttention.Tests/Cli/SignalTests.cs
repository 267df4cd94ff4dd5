using System.Diagnostics;
using System.Text;
using MlAttention.Cli;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>Signals to the program itself, in a process of its own.</summary>
public class SignalTests
{
    /// <summary>What ends a service or a job of a cluster; it comes without a terminal.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public void Train_Signal_SavesTheStateAndTheSameCommandGoesOn(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        string[] command = ["train", folder.Write("data.csv", Rows()), "--out", folder.File("model.zip"), "--epochs", "4", "--checkpoints", folder.File("run")];

        var (exitCode, lines) = Run(signal, command);

        Assert.Equal(ExitCode.Failure, exitCode);
        Assert.Contains("; the state is saved in ", lines[^1], StringComparison.Ordinal);
        string file = Assert.Single(Directory.GetFileSystemEntries(folder.File("run")));
        Assert.EndsWith(".safetensors", file, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("model.zip")));
        var resumed = CliRun.Of(command);
        Assert.Equal("", resumed.ExitCode == 0 ? "" : resumed.Error);
        Assert.Contains($"Resumed from {file}", resumed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Epoch 1/", resumed.Error, StringComparison.Ordinal);
    }

    private static (int ExitCode, List<string> Lines) Run(string signal, string[] command)
    {
        // What started the tests may have set signals aside, as nohup does, and children inherit that.
        var start = new ProcessStartInfo("env") { RedirectStandardError = true };
        foreach (string argument in (string[])["--default-signal=HUP,INT,TERM", "dotnet", "exec", typeof(CommandLineApp).Assembly.Location, .. command]) start.ArgumentList.Add(argument);
        using var child = Process.Start(start)!;
        var lines = new List<string>();
        while (child.StandardError.ReadLine() is { } line)
        {
            lines.Add(line);
            if (!line.StartsWith("Epoch 1/", StringComparison.Ordinal)) continue;
            using var kill = Process.Start("kill", [$"-{signal}", FormattableString.Invariant($"{child.Id}")]);
            kill.WaitForExit();
        }
        child.WaitForExit();
        return (child.ExitCode, lines);
    }

    private static string Rows()
    {
        var rows = new StringBuilder("Text,Label\n");
        for (int row = 0; row < 2000; row++) rows.Append(FormattableString.Invariant($"good thing number{row % 7} of {row % 11},plus\nbad thing number{row % 5} of {row % 13},minus\n"));
        return rows.ToString();
    }
}
