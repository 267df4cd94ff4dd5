using System.Diagnostics;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Samples;

/// <summary>The example that pre-trains an encoder, in a process of its own as a user runs it, on a part of its rows for an epoch.</summary>
public class PretrainTests
{
    [Fact]
    public async Task Run_PartOfTheRows_TellsPerplexityGuessesAndAccuracy()
    {
        using var folder = new TemporaryFolder();
        string rows = folder.Write("rows.csv", string.Join('\n', File.ReadLines(Path.Combine(RepositoryFiles.Root, "datasets", "word_order.csv")).Take(301)) + "\n");
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Pretrain", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Pretrain.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, rows, "30", "2", folder.File("encoder")]) { RedirectStandardOutput = true, RedirectStandardError = true };

        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        string[] lines = (await child.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await child.WaitForExitAsync();

        Assert.Equal((0, ""), (child.ExitCode, await errors));
        Assert.Matches(@"^epoch 2: perplexity \d+\.\d$", lines[0]);
        Assert.Matches(@"^perplexity of held-out texts: \d+\.\d before, \d+\.\d after$", lines[1]);
        Assert.Contains("[MASK]", lines[2], StringComparison.Ordinal);
        Assert.Matches(@"^  \w+\? (\S+ \d+%, ){3}\S+ \d+%$", lines[3]);
        Assert.Matches(@"^accuracy with 30 labelled rows: from nothing \d+\.\d ?%, from the encoder \d+\.\d ?%$", lines[^1]);
        Assert.Equal(64, PretrainedEncoder.Load(folder.File("encoder")).Architecture.ModelWidth);
    }
}
