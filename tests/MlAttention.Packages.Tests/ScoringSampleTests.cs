using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MlAttention.Packages.Tests;

/// <summary>examples/ScoreAot, published trimmed and compiled ahead of time, beside the tool that trained its model.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ScoringSampleTests(PackedPackages packages)
{
    private static readonly string[] s_texts = ["the goalkeeper saved a penalty", "bake the bread in a hot oven", "words that nobody has learned"];

    /// <summary>The publish profile compiles for AVX2 on x64: the same numbers as the JIT's program has on vectors of that width.</summary>
    [NativeCompilerFact]
    public void Publish_AheadOfTime_GivesTheToolsPredictionsFromOneNativeFile() =>
        PublishAndCompare("Native", RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "256" : "128");

    [Fact]
    public void Publish_Trimmed_GivesTheToolsPredictionsFromOneFile() => PublishAndCompare("Trimmed", lanes: "");

    private void PublishAndCompare(string profile, string lanes)
    {
        string published = packages.NewFolder("score-" + profile);

        string output = packages.Dotnet("publish", "examples/ScoreAot", $"-p:PublishProfile={profile}", "-o", published);

        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(Directory.GetFiles(published, "*", SearchOption.AllDirectories), path => Path.GetExtension(path) is not (".dbg" or ".pdb"));
        string program = Path.Combine(published, OperatingSystem.IsWindows() ? "ScoreAot.exe" : "ScoreAot");
        foreach (string model in packages.Models.Names) Compare(program, model, lanes);
    }

    /// <summary>Asks the published program and the tool for the same predictions: one label, and the same bits on vectors of one width.</summary>
    private void Compare(string program, string model, string lanes)
    {
        var published = Published(Shell.Program(program, packages.Models.Folder, [model + ".safetensors", .. s_texts]));

        var (narrow, widest) = (Tools(("MLATTENTION_LANES", lanes)), Tools());
        Assert.Equal(narrow, published);
        Assert.Equal(widest.Select(prediction => prediction.Label), published.Select(prediction => prediction.Label));
        Assert.All(widest.Zip(published), pair => Assert.Equal(pair.First.Probability, pair.Second.Probability, 1e-5f));

        (string Label, float Probability)[] Tools(params (string, string)[] variables) => FromJson(Shell.Program(variables, "dotnet", packages.Models.Folder, [packages.Models.Tool, "predict", model + ".zip", .. s_texts, "--quiet", "--json"]));
    }

    /// <summary>The lines of the sample: label, probability and text, with tabs between.</summary>
    private static (string Label, float Probability)[] Published(string output)
    {
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Equal(s_texts, lines.Select(line => line.TrimEnd('\r').Split('\t')[2]));
        return [.. lines.Select(line => line.Split('\t')).Select(fields => (fields[0], float.Parse(fields[1], CultureInfo.InvariantCulture)))];
    }

    /// <summary>The tool's lines of JSON: one for each text, and one about all of them.</summary>
    private static (string Label, float Probability)[] FromJson(string output)
    {
        var predictions = output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.TryGetProperty("text", out _)).ToArray();
        Assert.Equal(s_texts, predictions.Select(prediction => prediction.GetProperty("text").GetString()));
        return [.. predictions.Select(prediction => (prediction.GetProperty("label").GetString()!, prediction.GetProperty("probability").GetSingle()))];
    }
}
