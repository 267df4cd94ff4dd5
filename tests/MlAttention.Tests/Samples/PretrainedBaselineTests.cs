using System.Diagnostics;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Samples;

/// <summary>The example beside Microsoft.ML.TorchSharp, in a process of its own as a user runs it.</summary>
public class PretrainedBaselineTests
{
    [Fact]
    public async Task Run_ModelCannotBeDownloaded_MeasuresOursAndSaysWhyNotTheOther()
    {
        using var folder = new TemporaryFolder();
        string rows = folder.File("rows.csv");
        File.WriteAllLines(rows, File.ReadLines(Path.Combine(RepositoryFiles.Root, "datasets", "keyword_topics.csv")).Take(201));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "PretrainedBaseline", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "PretrainedBaseline.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, rows]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9"; // nobody answers there
        start.Environment["MICROSOFTML_RESOURCE_PATH"] = folder.Path; // no model from before

        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        string[] lines = (await child.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await child.WaitForExitAsync();

        Assert.Equal((0, ""), (child.ExitCode, await errors));
        Assert.Matches(@"^attention classifier, from nothing: accuracy \d+\.\d%, \d+ s$", lines[0]);
        Assert.StartsWith("NAS-BERT, pretrained: not measured. Microsoft.ML.TorchSharp downloads its model at first use, and that failed: Error downloading resource from 'https://aka.ms/", lines[1], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
    }
}
