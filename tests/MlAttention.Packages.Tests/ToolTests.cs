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
        string folder = packages.NewFolder("tool");
        Shell.Dotnet(folder, "tool", "install", "MlAttention.Cli", "--version", packages.Version, "--tool-path", folder, "--source", packages.Feed);
        string tool = Path.Combine(folder, OperatingSystem.IsWindows() ? "mlattention.exe" : "mlattention");

        string version = Shell.Program(tool, folder, "--version");
        string training = Shell.Program(tool, folder, "train", Repository.Rows(folder), "--engine", "torchSharp", "--epochs", "1");

        Assert.StartsWith($"MlAttention {packages.Version},", version, StringComparison.Ordinal);
        Assert.Contains("Engine: TorchSharp", training, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "model.zip")));
        if (OperatingSystem.IsLinux()) Assert.NotEqual(File.ReadAllBytes(Repository.LibTorchSharp), File.ReadAllBytes(Directory.GetFiles(folder, "libLibTorchSharp.so", SearchOption.AllDirectories).Single()));
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

    [Fact]
    public void Notices_FilesOfOthers_AreThoseInThePackage()
    {
        string system = OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
        var named = NoticedFiles().Matches(Repository.Read("THIRD-PARTY-NOTICES")).Where(line => line.Groups["system"].Value is "" || line.Groups["system"].Value == system)
            .SelectMany(line => line.Groups["names"].Value.Split(", "));
        var packed = packages.FilesOf(s_thisSystem).Where(path => path.StartsWith("tools/", StringComparison.Ordinal)).Select(path => Library().Match(Path.GetFileName(path)))
            .Where(file => file.Success && !file.Value.StartsWith("MlAttention.", StringComparison.Ordinal)).Select(file => file.Groups["name"].Value);

        Assert.Equal(packed.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.All(packages.Names.Where(name => name.StartsWith("MlAttention.Cli", StringComparison.Ordinal)), name => Assert.Contains("THIRD-PARTY-NOTICES", packages.FilesOf(name)));
    }

    [GeneratedRegex(@"^Files(?: \((?<system>\w+)\))?: (?<names>.+)$", RegexOptions.Multiline)]
    private static partial Regex NoticedFiles();

    // libgomp-98b21ff3.so.1 is gomp: the name in the middle.
    [GeneratedRegex(@"^(lib)?(?<name>.+?)(-[0-9a-f]{8})?\.(dll|dylib|so)(\.\d+)?$")]
    private static partial Regex Library();
}
