using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace MlAttention.Tests.Structure;

/// <summary>The layers of the house: which project may use which, and which folder of a project.</summary>
public sealed class ArchitectureTests
{
    /// <summary>A file is one concept: shorter ones belong to a neighbour, longer ones are two.</summary>
    private const int FewestLines = 15, MostLines = 300;

    /// <summary>From the lowest to the highest; a project references only those before it.</summary>
    private static readonly string[] s_floors =
        ["MlAttention.Core", "MlAttention.Hosting", "MlAttention.Onnx", "MlAttention.Torch", "MlAttention", "MlAttention.Ablation", "MlAttention.Cli"];

    public static TheoryData<string> Projects => [.. s_floors];

    [Fact]
    public void Projects_UnderSrc_AreTheFloors() => Assert.Equal(s_floors.Order(StringComparer.Ordinal), SourceProject.Names());

    [Theory, MemberData(nameof(Projects))]
    public void Project_References_OnlyLowerFloors(string name) =>
        Assert.All(new SourceProject(name).References(), reference => Assert.InRange(Array.IndexOf(s_floors, reference), 0, Array.IndexOf(s_floors, name) - 1));

    [Theory, MemberData(nameof(Projects))]
    public void Folders_OfAProject_UseEachOtherInOneDirection(string name)
    {
        var uses = new SourceProject(name).Uses()
            .Where(use => FolderOf(use.User) != FolderOf(use.Used))
            .ToLookup(use => FolderOf(use.User), use => (Folder: FolderOf(use.Used), Example: $"{use.User} uses {use.Used}"));

        Assert.True(name == "MlAttention.Hosting" || uses.Count > 0, "No folder uses another: the files were not understood.");
        foreach (var folder in uses.Select(group => group.Key))
        {
            var cycle = PathTo(folder, folder, uses, []);
            Assert.True(cycle is null, $"{name}: folders use each other in a circle: {string.Join("; ", cycle ?? [])}.");
        }
    }

    [Theory, MemberData(nameof(Projects))]
    public void Files_OfAProject_AreOneConceptEach(string name)
    {
        var project = new SourceProject(name);
        Assert.All(project.Files(), file =>
        {
            int lines = project.Read(file).AsSpan().TrimEnd().Count('\n') + 1;
            Assert.True(lines <= MostLines, $"{name}/{file} has {lines} lines: more than one concept?");
            Assert.True(lines >= FewestLines || IsInterfaceOrEnum(project, file), $"{name}/{file} has {lines} lines and is no interface or enum: whose part is it?");
        });
    }

    private static bool IsInterfaceOrEnum(SourceProject project, string file) =>
        project.Parse(file).GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>().All(type => type is InterfaceDeclarationSyntax or EnumDeclarationSyntax);

    private static string FolderOf(string file) => Path.GetDirectoryName(file)!;

    /// <summary>How one reaches a folder from another by what files use: an example for each step, or null when one does not.</summary>
    private static string[]? PathTo(string goal, string folder, ILookup<string, (string Folder, string Example)> uses, HashSet<string> seen)
    {
        foreach (var (next, example) in uses[folder])
        {
            if (next == goal) return [example];
            if (seen.Add(next) && PathTo(goal, next, uses, seen) is { } path) return [example, .. path];
        }
        return null;
    }
}
