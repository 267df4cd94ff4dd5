using System.IO.Compression;
using System.Runtime.InteropServices;

namespace MlAttention.Packages.Tests;

/// <summary>Every package of the repository, packed once for all tests, in a folder that goes away with them. Of the tool, this system's package and the one for systems without libtorch.</summary>
public sealed class PackedPackages : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlattention-packages-");
    private readonly Lazy<TrainedModels> _models;
    private readonly Lazy<string> _tool;

    public PackedPackages()
    {
        _models = new(() => new TrainedModels(this));
        _tool = new(InstallTool);
        try
        {
            var projects = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
            Output = string.Concat(projects.Select(Pack));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A version that no package cache has.</summary>
    public string Version { get; } = $"0.1.0-test-{Guid.NewGuid():N}";

    /// <summary>The folder of the packages, a feed for NuGet.</summary>
    public string Feed => Path.Combine(_folder.FullName, "feed");

    /// <summary>What packing printed.</summary>
    public string Output { get; }

    /// <summary>This system, for example linux-x64.</summary>
    public static string RuntimeIdentifier { get; } =
        $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The packages' file names without version and extension.</summary>
    public IEnumerable<string> Names => Directory.GetFiles(Feed, $"*.{Version}.nupkg").Select(path => Path.GetFileName(path).Replace($".{Version}.nupkg", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public string PathOf(string name, string extension = "nupkg") => Path.Combine(Feed, $"{name}.{Version}.{extension}");

    /// <summary>The paths of the files in a package.</summary>
    public string[] FilesOf(string name)
    {
        using var package = ZipFile.OpenRead(PathOf(name));
        return [.. package.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>The tool as systems without libtorch get it, unpacked into a folder: the assembly that `dotnet` runs.</summary>
    public string UnpackTool(string folder)
    {
        ZipFile.ExtractToDirectory(PathOf("MlAttention.Cli.any"), folder);
        return Directory.GetFiles(folder, "MlAttention.Cli.dll", SearchOption.AllDirectories).Single();
    }

    /// <summary>The program of the tool's package for this system, installed once for all tests that need it.</summary>
    public string Tool => _tool.Value;

    /// <summary>Trained once for all tests that need them.</summary>
    internal TrainedModels Models => _models.Value;

    public string NewFolder(string name) => _folder.CreateSubdirectory(name).FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>
    /// Runs a command of the SDK on a project of the repository. All have the same artifacts and options, so that each project is built once;
    /// analyzers have looked at it when the solution was built.
    /// </summary>
    /// <returns>Everything it printed.</returns>
    public string Dotnet(string command, string project, params string[] arguments) =>
        Shell.Dotnet(Repository.Root, [command, project, "-c", "Release", "--artifacts-path", NewFolder("artifacts"), "--disable-build-servers", "-tl:off", $"-p:Version={Version}", "-p:CI=true", "-p:RunAnalyzers=false", .. arguments]);

    private string InstallTool()
    {
        string folder = NewFolder("tool");
        Shell.Dotnet(folder, "tool", "install", "MlAttention.Cli", "--version", Version, "--tool-path", folder, "--source", Feed);
        return Path.Combine(folder, OperatingSystem.IsWindows() ? "mlattention.exe" : "mlattention");
    }

    private string Pack(string project) => Dotnet("pack", project, "-o", Feed, $"-p:ToolPackageRuntimeIdentifiers=\"{RuntimeIdentifier};any\"");
}

/// <summary>The tests that share <see cref="PackedPackages"/>.</summary>
[CollectionDefinition(Name)]
public sealed class PackagesCollection : ICollectionFixture<PackedPackages>
{
    public const string Name = "packages";
}
