namespace MlAttention.Packages.Tests;

/// <summary>Applications that take the library from its package; it brings the build step that makes TorchSharp load on older systems.</summary>
[Collection(PackagesCollection.Name)]
public sealed class LibraryTests(PackedPackages packages)
{
    private readonly byte[] _original = File.ReadAllBytes(Repository.LibTorchSharp);

    [Fact]
    public void Build_ForEverySystem_RunsTheReadmesProgramOnTorchSharp()
    {
        var application = new ReadmeApplication(packages, "every-system");

        string first = application.Dotnet("build"), second = application.Dotnet("build");

        Assert.Contains(ReadmeApplication.Relaxing, first, StringComparison.Ordinal);
        Assert.DoesNotContain(ReadmeApplication.Relaxing, second, StringComparison.Ordinal);
        Assert.Contains("accuracy", application.Run("bin", "Debug", "net10.0"), StringComparison.Ordinal);
        Assert.NotEqual(_original, File.ReadAllBytes(application.PathOf("bin", "Debug", "net10.0", "runtimes", "linux-x64", "native", "libLibTorchSharp.so")));
        Assert.Equal(_original, File.ReadAllBytes(Repository.LibTorchSharp));

        application.Dotnet("clean");

        Assert.Empty(application.LibTorchSharp("bin").Concat(application.LibTorchSharp("obj")));
    }

    [Fact]
    public void Build_OptedOut_KeepsTorchSharpsFile()
    {
        var application = new ReadmeApplication(packages, "opted-out");

        string output = application.Dotnet("build", "-p:MlAttentionRelaxLibTorchSharp=false");

        Assert.DoesNotContain(ReadmeApplication.Relaxing, output, StringComparison.Ordinal);
        Assert.Equal(_original, File.ReadAllBytes(application.LibTorchSharp("bin").Single()));
    }

    [Fact]
    public void Publish_SingleFileThroughALibrary_RunsTheReadmesProgramOnTorchSharp()
    {
        var application = new ReadmeApplication(packages, "single-file", throughLibrary: true);

        application.Dotnet("publish", "-r", PackedPackages.RuntimeIdentifier, "--no-self-contained", "-p:PublishSingleFile=true", "-o", "published");

        Assert.False(File.Exists(application.PathOf("published", "MlAttention.dll")));
        Assert.Contains("accuracy", application.Run("published"), StringComparison.Ordinal);
        Assert.All(application.LibTorchSharp("published"), path => Assert.NotEqual(_original, File.ReadAllBytes(path)));
    }
}
