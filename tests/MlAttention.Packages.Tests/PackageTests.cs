using System.IO.Compression;
using System.Reflection.Metadata;
using System.Xml.Linq;

namespace MlAttention.Packages.Tests;

/// <summary>What every package must have to be published.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackageTests(PackedPackages packages)
{
    private const long LimitOfNuGetOrg = 250_000_000;

    [Fact]
    public void Pack_EveryProject_GivesNoWarning() => Assert.DoesNotContain("warning", packages.Output, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Pack_EveryProject_StaysBelowTheLimitOfNuGetOrg() =>
        Assert.All(packages.Names, name => Assert.InRange(new FileInfo(packages.PathOf(name)).Length, 1, LimitOfNuGetOrg));

    [Fact]
    public void Pack_Libraries_HoldNoWeightsAndNeitherOnnxRuntimeNorSkia() => Assert.All(packages.Names.Where(name => !name.StartsWith("MlAttention.Cli", StringComparison.Ordinal)), name =>
    {
        const long Largest = 2_000_000; // bytes; code and comments

        Assert.InRange(new FileInfo(packages.PathOf(name)).Length, 1, Largest);
        Assert.DoesNotContain(packages.FilesOf(name), path => path.EndsWith(".safetensors", StringComparison.Ordinal) || path.Contains("pretrained/", StringComparison.Ordinal));
        using var package = ZipFile.OpenRead(packages.PathOf(name));
        using var manifest = package.GetEntry($"{name}.nuspec")!.Open();
        string[] dependencies = [.. XDocument.Load(manifest).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)];
        Assert.DoesNotContain(dependencies, id => id.Contains("OnnxRuntime", StringComparison.OrdinalIgnoreCase) || id.Contains("SentenceTransformers", StringComparison.OrdinalIgnoreCase) || id.Contains("Skia", StringComparison.OrdinalIgnoreCase));
    });

    [Fact]
    public void Pack_Tool_BringsNoOnnxRuntime() =>
        Assert.All(packages.Names.Where(name => name.StartsWith("MlAttention.Cli", StringComparison.Ordinal)), name => Assert.DoesNotContain(packages.FilesOf(name), path => path.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase)));

    [Fact]
    public void Pack_EveryProject_NamesLicenceReadmeAndIcon() => Assert.All(packages.Names, name =>
    {
        using var package = ZipFile.OpenRead(packages.PathOf(name));
        using var manifest = package.GetEntry($"{name}.nuspec")!.Open();
        var metadata = XDocument.Load(manifest).Descendants().Where(element => !element.HasElements).ToLookup(element => element.Name.LocalName);

        Assert.Equal("MIT", Assert.Single(metadata["license"]).Value);
        Assert.NotNull(package.GetEntry(Assert.Single(metadata["readme"]).Value));
        Assert.NotNull(package.GetEntry(Assert.Single(metadata["icon"]).Value));
        Assert.NotEqual("Package Description", Assert.Single(metadata["description"]).Value);
        // A clone's address may be a folder or a private server; only MlAttentionRepositoryUrl is published.
        Assert.All(metadata["repository"], repository => Assert.Null(repository.Attribute("url")));
    });

    [Fact]
    public void Pack_ContinuousIntegrationBuild_HoldsNoPathOfThisMachine()
    {
        var sources = Directory.GetFiles(packages.Feed).SelectMany(SourcesOf).ToArray();

        Assert.Contains(sources, source => source.EndsWith("/src/MlAttention.Cli/Program.cs", StringComparison.Ordinal));
        Assert.Contains(sources, source => source.EndsWith("/src/MlAttention.Core/Engines/EngineFactory.cs", StringComparison.Ordinal));
        Assert.DoesNotContain(sources, source => source.StartsWith(Repository.Root, StringComparison.Ordinal));
    }

    [Fact]
    public void Pack_Symbols_ComeWithTheLibrariesAlone() =>
        Assert.Equal(packages.Names.Where(name => !name.StartsWith("MlAttention.Cli", StringComparison.Ordinal)), packages.Names.Where(name => File.Exists(packages.PathOf(name, "snupkg"))));

    [Fact]
    public void Readme_EveryPackage_HasNoLinkIntoTheRepository()
    {
        var readmes = Directory.GetFiles(Path.Combine(Repository.Root, "src"), "PACKAGE.md", SearchOption.AllDirectories);

        Assert.NotEmpty(readmes);
        Assert.All(readmes, path => Assert.DoesNotMatch(@"\]\((?!https://)|\]:", File.ReadAllText(path)));
    }

    [Fact]
    public void Readme_Library_ShowsTheProgramOfTheRepositorys() =>
        Assert.Equal(Repository.CodeOf(Repository.Read("README.md")), Repository.CodeOf(Repository.Read("src", "MlAttention", "PACKAGE.md")));

    /// <summary>The paths of the sources, as the symbols of a package have them.</summary>
    private static IEnumerable<string> SourcesOf(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        foreach (var entry in archive.Entries.Where(entry => entry.Name.EndsWith(".pdb", StringComparison.Ordinal)))
        {
            var content = new MemoryStream();
            using (var stream = entry.Open()) stream.CopyTo(content);
            content.Position = 0;
            using var symbols = MetadataReaderProvider.FromPortablePdbStream(content);
            var reader = symbols.GetMetadataReader();
            foreach (var document in reader.Documents) yield return reader.GetString(reader.GetDocument(document).Name);
        }
    }
}
