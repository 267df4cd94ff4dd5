using System.Reflection.PortableExecutable;

namespace MlAttention.Packages.Tests;

/// <summary>What a program gets that only scores: MlAttention.Core and what it depends on.</summary>
[Collection(PackagesCollection.Name)]
public sealed class CoreTests(PackedPackages packages)
{
    [Fact]
    public void Publish_Core_BringsNoMLNetNoTorchSharpAndNothingNative()
    {
        string published = packages.NewFolder("core");

        packages.Dotnet("publish", "src/MlAttention.Core", "-o", published);

        string[] files = [.. Directory.GetFiles(published, "*", SearchOption.AllDirectories).Where(path => Path.GetExtension(path) is not (".json" or ".xml" or ".pdb"))];
        Assert.Contains("MlAttention.Core.dll", files.Select(path => Path.GetFileName(path)));
        Assert.All(files, path =>
        {
            string name = Path.GetFileName(path);
            Assert.False(name.StartsWith("Microsoft.ML", StringComparison.Ordinal) && !name.StartsWith("Microsoft.ML.Tokenizers", StringComparison.Ordinal), $"{name} is of ML.NET");
            Assert.False(name.Contains("torch", StringComparison.OrdinalIgnoreCase), $"{name} is of TorchSharp");
            Assert.True(IsManaged(path), $"{name} is native");
        });
    }

    private static bool IsManaged(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.ReadByte() != 'M' || stream.ReadByte() != 'Z') return false;
        stream.Position = 0;
        using var reader = new PEReader(stream);
        return reader.HasMetadata;
    }
}
