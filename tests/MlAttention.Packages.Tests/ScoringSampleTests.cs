namespace MlAttention.Packages.Tests;

/// <summary>examples/ScoreAot, published trimmed and compiled ahead of time, beside the tool that trained its model.</summary>
[Collection(PackagesCollection.Name)]
public sealed class ScoringSampleTests(PackedPackages packages)
{
    private static readonly string[] s_texts = ["the goalkeeper saved a penalty", "bake the bread in a hot oven", "words that nobody has learned"];

    [NativeCompilerFact]
    public void Publish_AheadOfTime_GivesTheToolsLabelsFromOneNativeFile() => PublishAndCompare("Native");

    [Fact]
    public void Publish_Trimmed_GivesTheToolsLabelsFromOneFile() => PublishAndCompare("Trimmed");

    private void PublishAndCompare(string profile)
    {
        string folder = packages.NewFolder("score-" + profile), published = Path.Combine(folder, "published");
        string tool = packages.UnpackTool(Path.Combine(folder, "tool")), zip = Path.Combine(folder, "model.zip"), model = Path.Combine(folder, "model.safetensors");
        Shell.Program("dotnet", folder, tool, "train", Repository.Rows(folder), "--epochs", "5", "--out", zip);
        Shell.Program("dotnet", folder, tool, "export", zip, "--out", model);

        string output = Shell.Dotnet(Repository.Root, "publish", "examples/ScoreAot", $"-p:PublishProfile={profile}", "-o", published, "--artifacts-path", packages.NewFolder("artifacts-" + profile), "--disable-build-servers", "-tl:off");

        Assert.DoesNotContain("warning", output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(Directory.GetFiles(published, "*", SearchOption.AllDirectories), path => Path.GetExtension(path) is not (".dbg" or ".pdb"));
        Assert.Equal(Labels(Shell.Program("dotnet", folder, [tool, "predict", zip, .. s_texts, "--quiet"])), Labels(Shell.Program(Path.Combine(published, OperatingSystem.IsWindows() ? "ScoreAot.exe" : "ScoreAot"), folder, [model, .. s_texts])));
    }

    /// <summary>The label of each text: the first of the fields that tabs divide.</summary>
    private static string[] Labels(string output)
    {
        string[] labels = [.. output.TrimEnd().Split('\n').Where(line => s_texts.Any(text => line.Contains(text, StringComparison.Ordinal))).Select(line => line.Split('\t')[0])];
        Assert.Equal(s_texts.Length, labels.Length);
        return labels;
    }
}
