using System.Diagnostics;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Datasets;
using MlAttention.Tests.Pipeline;

namespace MlAttention.Tests.Samples;

/// <summary>The example that fine-tunes an encoder, in a process of its own as a user runs it, with an encoder that takes a moment.</summary>
public class FineTuneTests
{
    [Fact]
    public async Task Run_FolderAndCsvFile_EvaluatesAndWritesTheModelInThreeForms()
    {
        using var folder = new TemporaryFolder();
        TinyEncoder.Shared.SaveHuggingFace(folder.File("tiny"));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "FineTune", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "FineTune.dll"));
        var start = new ProcessStartInfo("dotnet", ["exec", program, folder.File("tiny"), Path.Combine(RepositoryFiles.Root, "datasets", "keyword_topics.csv"), "1", folder.File("output")]) { RedirectStandardOutput = true, RedirectStandardError = true };

        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        string[] lines = (await child.StandardOutput.ReadToEndAsync()).TrimEnd().Split('\n');
        await child.WaitForExitAsync();

        Assert.Equal((0, ""), (child.ExitCode, await errors));
        Assert.Contains(lines, line => line.StartsWith("Pretrained: ", StringComparison.Ordinal) && line.EndsWith("weights of the encoder 'tiny' (bert); the head starts from the seed.", StringComparison.Ordinal));
        Assert.Matches(@"^accuracy \d+\.\d ?%, log loss \d+\.\d{3}$", lines[^2]);
        Assert.Matches("^\".+\" -> .+ \\(\\d+\\.\\d ?%\\)$", lines[^1]);
        var (exported, written) = (TextClassifier.Load(Path.Combine(folder.File("output"), "model.safetensors")), TextClassifier.FromPretrained(PretrainedEncoder.Load(Path.Combine(folder.File("output"), "hugging-face"))));
        Assert.Equal(exported.Labels, written.Labels);
        Assert.Equal(exported.Predict("a text"), written.Predict("a text"));
        Assert.True(File.Exists(Path.Combine(folder.File("output"), "model.zip")));
    }
}
