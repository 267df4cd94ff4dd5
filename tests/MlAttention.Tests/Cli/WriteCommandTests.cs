using System.Text.Json;

namespace MlAttention.Tests.Cli;

/// <summary>train --task nextToken, write, and what evaluate and export make of such a model.</summary>
public sealed class WriteCommandTests : IDisposable
{
    private static readonly string[] s_animals = ["dog", "cat", "owl"];
    private readonly TemporaryFolder _folder = new();

    private string Model => _folder.File("model.zip");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AfterTraining_WritesEvaluatesAndExports()
    {
        string[] texts = [.. from one in s_animals from other in s_animals where one != other select $"the {one} sees the {other}"];
        string data = _folder.Write("lines.csv", "Text\n" + string.Concat(Enumerable.Repeat(string.Join('\n', texts) + "\n", 8)));
        string trained = Succeeds(CliRun.Of("train", data, "--task", "nextToken", "--out", Model, "--epochs", "25", "--width", "16", "--heads", "2", "--feed-forward", "16", "--layers", "1", "--dropout", "0", "--learning-rate", "0.02", "--max-length", "12")).Output;
        Assert.Contains("perplexity 1.", trained, StringComparison.Ordinal);

        string[] written = Succeeds(CliRun.Of("write", Model, "the owl", "--count", "3", "--temperature", "0.1", "--seed", "5", "--quiet")).Output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(3, written.Length);
        Assert.All(written, text => Assert.Contains(text, texts));
        Assert.Equal(written, Succeeds(CliRun.Of("write", Model, "the owl", "--count", "3", "--temperature", "0.1", "--seed", "5", "--quiet")).Output.TrimEnd().Split('\n', StringSplitOptions.TrimEntries));
        var json = JsonDocument.Parse(Succeeds(CliRun.Of("write", Model, "the owl", "--most-tokens", "1", "--top-k", "1", "--json")).Output).RootElement;
        Assert.Equal(("the owl sees", "mostTokens", 1), (json.GetProperty("text").GetString(), json.GetProperty("stopReason").GetString(), json.GetProperty("tokens").GetInt32()));
        Assert.Contains("1 word of the prompt is not in", CliRun.Of("write", Model, "the zebra").Error, StringComparison.Ordinal);

        Assert.StartsWith("48 texts: perplexity 1.", Succeeds(CliRun.Of("evaluate", Model, data)).Output, StringComparison.Ordinal);
        Assert.InRange(JsonDocument.Parse(Succeeds(CliRun.Of("evaluate", Model, data, "--json")).Output).RootElement.GetProperty("perplexity").GetDouble(), 1, 1.6);
        Succeeds(CliRun.Of("export", Model, "--out", _folder.File("model.safetensors")));
        Assert.Equal(written[0], TextGenerator.Load(_folder.File("model.safetensors")).Generate("the owl", new() { Temperature = 0.1, Seed = 5 }).Text);
    }

    [Fact]
    public void Write_WrongRequests_AreRefusedInOneLine()
    {
        string data = _folder.Write("lines.csv", "Text,Label\nthe dog sees,a\nthe cat sees,b\n");
        Fails("--class-weights does not go with --task nextToken", "train", data, "--task", "nextToken", "--class-weights", "balanced");
        Fails("--group does not go with --task nextToken", "train", data, "--task", "nextToken", "--group", "Label");
        Fails("--mask bidirectional", "train", data, "--task", "nextToken", "--mask", "bidirectional");
        Fails("there is no such value", "train", data, "--task", "maskedTokens");
        Succeeds(CliRun.Of("train", data, "--task", "nextToken", "--out", Model, "--epochs", "1", "--max-length", "6"));
        Fails("--temperature -1", "write", Model, "--temperature=-1");
        Fails("--count 0", "write", Model, "--count", "0");
        Fails("'zebra'", "write", Model, "--stop", "zebra");
        Fails("The prompt has 6 tokens", "write", Model, "the dog sees the cat sees");
        Fails("is for classifiers", "export", Model, "--onnx", "--out", _folder.File("model.onnx"));
        Fails("are for classifiers", "evaluate", Model, data, "--out", _folder.File("report.json"));
        Fails("does not exist", "write", _folder.File("none.zip"));
    }

    private static void Fails(string message, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static CliRun Succeeds(CliRun run)
    {
        Assert.True(run.ExitCode == 0, run.Error);
        return run;
    }
}
