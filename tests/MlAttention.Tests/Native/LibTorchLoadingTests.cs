using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using MlAttention.Build;
using MlAttention.Tests.Cli;
using MlAttention.Tests.Serving;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Native;

/// <summary>The application's copy of libLibTorchSharp.so, on this system and on older ones, and what users are told where it cannot be loaded.</summary>
public sealed class LibTorchLoadingTests : IDisposable
{
    private const string Bindings = "libLibTorchSharp.so", StandardLibrary = "libstdc++.so.6";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>The packages' folder of TorchSharp, as the build found it.</summary>
    private static string Package => typeof(LibTorchLoadingTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "TorchSharpPackage").Value!;

    private static string PackagedBindings => Path.Combine(Package, "runtimes", "linux-x64", "native", Bindings);

    [LinuxFact]
    public void Build_TheApplicationsCopy_IsThePackagesFileRelaxed()
    {
        var expected = File.ReadAllBytes(PackagedBindings);
        Assert.Equal(2, StandardLibraryNeeds.Relax(expected).Count);

        Assert.Equal(expected, File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, Bindings)));
    }

    [LinuxFact]
    public void Build_ThePackagesFile_IsAsItCame()
    {
        using var package = ZipFile.OpenRead(Directory.GetFiles(Package, "*.nupkg").Single());
        using var packed = package.GetEntry($"runtimes/linux-x64/native/{Bindings}")!.Open();
        var expected = new MemoryStream();
        packed.CopyTo(expected);

        Assert.Equal(expected.ToArray(), File.ReadAllBytes(PackagedBindings));
    }

    [LinuxFact]
    public void Build_TheApplicationsFolder_HasNoNativeFilesOfOtherSystems()
    {
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes")));
        Assert.Empty(Directory.GetFiles(AppContext.BaseDirectory, "*.dylib"));
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "LibTorchSharp.dll")));
    }

    [LinuxFact]
    public void Load_LibstdcxxOfRhel9_RunsAMatrixProduct()
    {
        var lines = Run(AppContext.BaseDirectory, OldStandardLibrary());

        Assert.All(lines, line => Assert.EndsWith(": ok", line, StringComparison.Ordinal));
    }

    [LinuxFact]
    public void Load_ThePackagesFileOnSuchASystem_NamesTheVersionAndTheRemedy()
    {
        File.Copy(PackagedBindings, Path.Combine(Application(path => Path.GetFileName(path) != Bindings), Bindings));

        var lines = Run(_folder.Path, OldStandardLibrary());

        AssertNeedsLibTorch(lines, "version `GLIBCXX_3.4.3", "older than the one that TorchSharp was built with", "Engine = Managed");
    }

    [LinuxFact]
    public void Load_NoNativeFiles_NamesThePackage()
    {
        Application(path => !Path.GetFileName(path).Contains(".so", StringComparison.Ordinal));

        AssertNeedsLibTorch(Run(_folder.Path, null), "Add the package TorchSharp-cpu", "Engine = Managed");
    }

    [LinuxFact]
    public void Load_BindingsWithoutLibtorch_NamesTheMissingFileAndThePackage()
    {
        Application(path => !Path.GetFileName(path).StartsWith("libtorch", StringComparison.Ordinal));

        AssertNeedsLibTorch(Run(_folder.Path, null), "libtorch.so: cannot open shared object file", "Is the package TorchSharp-cpu", "Engine = Managed");
    }

    [Theory]
    [InlineData("linux-arm64")]
    [InlineData("linux-musl-x64")]
    [InlineData("osx-x64")]
    public void Explain_SystemThatTorchSharpHasNothingFor_SaysSoAndNamesTheManagedEngine(string system)
    {
        string reason = LibTorch.Explain(system, bindings: null, "not loaded");

        Assert.StartsWith($"TorchSharp has no native library for {system}. ", reason, StringComparison.Ordinal);
        Assert.Contains("Engine = Managed", reason, StringComparison.Ordinal);
    }

    /// <summary>What needs libtorch says the same; what does not, works.</summary>
    private static void AssertNeedsLibTorch(string[] lines, params string[] parts)
    {
        string[] needing = ["product", "engine", "SelfAttention", "AttentionWeights"];
        foreach (var line in lines)
        {
            if (!needing.Contains(line.Split(':')[0]))
            {
                Assert.EndsWith(": ok", line, StringComparison.Ordinal);
                continue;
            }
            Assert.Contains(": NotSupportedException: ", line, StringComparison.Ordinal);
            Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
        }
        Assert.Equal(needing, lines.Select(line => line.Split(':')[0]).Intersect(needing));
    }

    /// <summary>This application in a folder of its own with some of its files: links, but for the assembly that the process starts with.</summary>
    private string Application(Func<string, bool> takes)
    {
        foreach (var path in Directory.GetFiles(AppContext.BaseDirectory).Where(path => takes(path) && !path.EndsWith(".deps.json", StringComparison.Ordinal)))
        {
            var target = Path.Combine(_folder.Path, Path.GetFileName(path));
            if (Path.GetFileNameWithoutExtension(path) == typeof(Program).Assembly.GetName().Name) File.Copy(path, target);
            else File.CreateSymbolicLink(target, path);
        }
        return _folder.Path;
    }

    /// <summary>A folder with this system's libstdc++ without the versions that came after RHEL 9's.</summary>
    private string OldStandardLibrary()
    {
        var library = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? start : 0)..])
            .First(path => Path.GetFileName(path).StartsWith("libstdc++.so", StringComparison.Ordinal));
        var bytes = File.ReadAllBytes(library);
        for (var version = 30; version < 40; version++)
        {
            var name = Encoding.ASCII.GetBytes($"GLIBCXX_3.4.{version}\0");
            for (var at = bytes.AsSpan().IndexOf(name); at >= 0; at = bytes.AsSpan().IndexOf(name)) bytes[at + name.Length - 2] = (byte)'x';
        }
        var folder = Directory.CreateDirectory(_folder.File("old"));
        File.WriteAllBytes(Path.Combine(folder.FullName, StandardLibrary), bytes);
        return folder.FullName;
    }

    private static string[] Run(string application, string? libraries)
    {
        var assembly = Path.Combine(application, Path.GetFileName(typeof(Program).Assembly.Location));
        var start = new ProcessStartInfo("dotnet", ["exec", assembly, "libtorch"]) { RedirectStandardOutput = true };
        if (libraries is not null)
        {
            start.Environment["LD_LIBRARY_PATH"] = libraries;
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"; // this system's libicu needs this system's libstdc++
        }
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        return output.TrimEnd().Split('\n');
    }
}
