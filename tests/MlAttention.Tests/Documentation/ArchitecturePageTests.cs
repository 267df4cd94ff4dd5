using System.Text.RegularExpressions;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation;

/// <summary>The pages that tell where things are name files that exist, and leave no folder out.</summary>
public sealed partial class ArchitecturePageTests
{
    [Theory, InlineData("docs/ARCHITECTURE.md"), InlineData("CONTRIBUTING.md")]
    public void Files_ThatThePageNames_Exist(string page)
    {
        string[] files = [.. Directory.EnumerateFiles(RepositoryFiles.Root, "*", SearchOption.AllDirectories).Select(DocumentationFiles.Name).Where(name => !name.StartsWith("artifacts/", StringComparison.Ordinal))];
        string[] named = [.. NamedFile().Matches(Read(page)).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 10, $"{page} names only {named.Length} files");
        Assert.All(named, name => Assert.True(files.Any(file => ("/" + file).EndsWith("/" + name, StringComparison.Ordinal) || (name.EndsWith('/') && ("/" + file).Contains("/" + name, StringComparison.Ordinal))), $"{page} names {name}, and there is none"));
    }

    [Fact]
    public void Folders_UnderSrc_StandInThePicture()
    {
        string picture = Read("docs/ARCHITECTURE.md").Split("```")[1];
        string src = Path.Combine(RepositoryFiles.Root, "src");

        var folders = Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Distinct();

        Assert.All(folders, folder => Assert.Matches($@"(?<![\w.]){Regex.Escape(folder)}(?![\w.]*\w)", picture));
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(RepositoryFiles.Root, page));

    /// <summary>A file or, with a slash at its end, a folder, between backticks. Names that the reader makes up begin with Your.</summary>
    [GeneratedRegex(@"`((?!\S*\bYour)[A-Za-z][\w./-]*(?:\.(?:cs|csproj|targets|props|sh|md|sln|json|txt)|/))`")]
    private static partial Regex NamedFile();
}
