namespace MlAttention.Packages.Tests;

/// <summary>The README's program on the TorchSharp engine, in a project that takes MlAttention from its package.</summary>
internal sealed class ReadmeApplication
{
    /// <summary>What the build says when it makes the copy of libLibTorchSharp.so that older systems can load.</summary>
    public const string Relaxing = "libLibTorchSharp.so may use an older libstdc++";

    private readonly string _folder;

    /// <summary>Writes the project; with a library in between, that has the reference to MlAttention.</summary>
    public ReadmeApplication(PackedPackages packages, string name, bool throughLibrary = false)
    {
        string code = Repository.CodeOf(Repository.Read("README.md")), onTorchSharp = code.Replace("Epochs = 5", "Epochs = 1, Compute = new() { Engine = EngineKind.TorchSharp }", StringComparison.Ordinal);
        Assert.NotEqual(code, onTorchSharp);
        _folder = packages.NewFolder(name);
        File.Copy(Path.Combine(Repository.Root, "datasets", "keyword_topics.csv"), Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "datasets")).FullName, "keyword_topics.csv"));
        File.WriteAllText(Path.Combine(_folder, "Program.cs"), $"""
            using Microsoft.ML;
            using MlAttention;
                                    {onTorchSharp}
            """);
        string reference = $"""<PackageReference Include="MlAttention" Version="{packages.Version}" />""";
        if (throughLibrary)
        {
            string library = Path.Combine(packages.NewFolder(name + "-library"), "Library.csproj");
            File.WriteAllText(library, Project(packages, "Library", reference));
            reference = $"""<ProjectReference Include="{library}" />""";
        }
        File.WriteAllText(Path.Combine(_folder, "ReadmeApplication.csproj"), Project(packages, "Exe", $"""{reference}<PackageReference Include="TorchSharp-cpu" Version="{Repository.TorchSharpVersion}" />"""));
    }

    public string Dotnet(params string[] arguments) => Shell.Dotnet(_folder, [.. arguments, "--disable-build-servers", "-tl:off"]);

    /// <summary>Runs what was built or published into a folder below the project's.</summary>
    public string Run(params string[] folder) => Shell.Program(PathOf([.. folder, OperatingSystem.IsWindows() ? "ReadmeApplication.exe" : "ReadmeApplication"]), _folder);

    public string PathOf(params string[] path) => Path.Combine([_folder, .. path]);

    /// <summary>Every libLibTorchSharp.so below a folder of the project.</summary>
    public string[] LibTorchSharp(string folder) => Directory.GetFiles(PathOf(folder), "libLibTorchSharp.so", SearchOption.AllDirectories);

    /// <summary>A project's file. The packed package is unpacked here; all others are read where the machine has them. Links spare a gigabyte of copies.</summary>
    public static string Project(PackedPackages packages, string outputType, string references) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>{outputType}</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <RestoreAdditionalProjectSources>{packages.Feed}</RestoreAdditionalProjectSources>
            <RestorePackagesPath>{packages.NewFolder("unpacked")}</RestorePackagesPath>
            <RestoreFallbackFolders>{Repository.PackageCache}</RestoreFallbackFolders>
            <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
            <CreateHardLinksForPublishFilesIfPossible>true</CreateHardLinksForPublishFilesIfPossible>
          </PropertyGroup>
          <ItemGroup>{references}</ItemGroup>
        </Project>
        """;
}
