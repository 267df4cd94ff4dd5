using System.Text.RegularExpressions;

namespace MlAttention.Packages.Tests;

/// <summary>The tool `mlattention`, installed from its package.</summary>
[Collection(PackagesCollection.Name)]
public sealed partial class ToolTests(PackedPackages packages)
{
    private static readonly string s_thisSystem = "MlAttention.Cli." + PackedPackages.RuntimeIdentifier;

    [Fact]
    public void Train_InstalledTool_RunsOnTheLibtorchThatItBrings()
    {
        string folder = packages.NewFolder("libtorch");

        string version = Shell.Program(packages.Tool, folder, "--version");
        string training = Shell.Program(packages.Tool, folder, "train", Repository.Rows(folder), "--engine", "torchSharp", "--epochs", "1");

        Assert.StartsWith($"MlAttention {packages.Version},", version, StringComparison.Ordinal);
        Assert.Contains("Engine: TorchSharp", training, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "model.zip")));
        if (OperatingSystem.IsLinux()) Assert.NotEqual(File.ReadAllBytes(Repository.LibTorchSharp), File.ReadAllBytes(Directory.GetFiles(Path.GetDirectoryName(packages.Tool)!, "libLibTorchSharp.so", SearchOption.AllDirectories).Single()));
    }

    [Fact]
    public void Train_PackageForOtherSystems_RunsTheManagedEngineWithoutNativeFiles()
    {
        string folder = packages.NewFolder("any");
        string tool = packages.UnpackTool(folder);

        string training = Shell.Program("dotnet", folder, tool, "train", Repository.Rows(folder), "--epochs", "1");

        Assert.Contains("Engine: Managed", training, StringComparison.Ordinal);
        Assert.DoesNotContain(packages.FilesOf("MlAttention.Cli.any"), path => path.Contains("/native/", StringComparison.Ordinal) || path.EndsWith(".so", StringComparison.Ordinal));
    }

    /// <summary>Without a network: what the program starts from lies beside it.</summary>
    [Fact]
    public void Pretrained_InstalledTool_TrainsAndEmbedsWithMiniLM()
    {
        string folder = packages.NewFolder("pretrained"), rows = Repository.Rows(folder);

        string training = Shell.Program(packages.Tool, folder, "train", rows, "--pretrained", "minilm", "--epochs", "1", "--max-length", "16", "--freeze-layers", "5");
        string embedding = Shell.Program(packages.Tool, folder, "embed", rows, "--pretrained", "minilm", "-o", "vectors.npy");

        Assert.Contains("Pretrained: ", training, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "model.zip")));
        Assert.Contains("60 vectors of 384 numbers from minilm", embedding, StringComparison.Ordinal);
        Assert.Equal(128 + 60 * 384 * sizeof(float), new FileInfo(Path.Combine(folder, "vectors.npy")).Length);
    }

    [Fact]
    public void Pretrained_EveryPackageOfTheTool_HasTheFolderWithItsLicence()
    {
        string[] tools = [.. packages.Names.Where(name => name.StartsWith("MlAttention.Cli.", StringComparison.Ordinal))];

        Assert.Equal(2, tools.Length);
        Assert.All(tools, name =>
        {
            string[] files = [.. packages.FilesOf(name).Where(path => path.Contains("/pretrained/minilm/", StringComparison.Ordinal)).Select(path => path[(path.IndexOf("/minilm/", StringComparison.Ordinal) + "/minilm/".Length)..])];
            Assert.Equal(
                ["1_Pooling/config.json", "LICENSE", "NOTICE", "README.md", "config.json", "model.safetensors", "modules.json", "sentence_bert_config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"],
                files.Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Notices_FilesOfOthers_AreThoseInThePackage()
    {
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        var named = NoticedFiles().Matches(Repository.Read("THIRD-PARTY-NOTICES")).Where(line => line.Groups["system"].Value is "" || line.Groups["system"].Value == system)
            .SelectMany(line => line.Groups["names"].Value.Split(", "));
        var packed = packages.FilesOf(s_thisSystem).Where(path => path.StartsWith("tools/", StringComparison.Ordinal)).Select(path => Library().Match(Path.GetFileName(path)))
            .Where(file => file.Success && !file.Value.StartsWith("MlAttention.", StringComparison.Ordinal)).Select(file => file.Groups["name"].Value);

        Assert.Equal(packed.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.All(packages.Names.Where(name => name.StartsWith("MlAttention.Cli", StringComparison.Ordinal)), name => Assert.Superset(new HashSet<string>(["THIRD-PARTY-NOTICES", "SkiaSharp-THIRD-PARTY-NOTICES.txt"]), packages.FilesOf(name).ToHashSet()));
    }

    [GeneratedRegex(@"^Files(?: \((?<system>\w+)\))?: (?<names>.+)$", RegexOptions.Multiline)]
    private static partial Regex NoticedFiles();

    // libgomp-98b21ff3.so.1 is gomp: the name in the middle.
    [GeneratedRegex(@"^(lib)?(?<name>.+?)(-[0-9a-f]{8})?\.(dll|dylib|so)(\.\d+)?$")]
    private static partial Regex Library();
}
