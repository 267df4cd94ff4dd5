using System.Text.RegularExpressions;
using MlAttention.Cli;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation;

/// <summary>The code in README, docs and documentation comments is inserted from tests, so it compiles and runs. UPDATE_SAMPLES=1 inserts it anew.</summary>
public partial class DocumentationTests
{
    [Fact]
    public void CSharp_EveryBlock_NamesASample() => Assert.Empty(DocumentationFiles.WithoutSample());

    [Fact]
    public void CSharp_EveryBlock_IsWhatATestRuns()
    {
        var files = DocumentationFiles.WithSamples().Where(file => file.Samples > 0).ToArray();
        if (Environment.GetEnvironmentVariable("UPDATE_SAMPLES") == "1")
            foreach (var file in files) File.WriteAllText(file.Path, file.Inserted);

        Assert.True(files.Sum(file => file.Samples) > 30, $"only {files.Sum(file => file.Samples)} samples were found");
        Assert.All(files, file => Assert.Equal(file.Inserted, File.ReadAllText(file.Path)));
    }

    [Fact]
    public void CommandLines_OfMlattention_Parse()
    {
        var lines = DocumentationFiles.CommandLines().Where(line => IsWhole(line.Line)).ToArray();
        var errors = lines.Select(line => (line.Place, line.Line, Errors: CommandLineApp.Parse(Arguments(line.Line)))).Where(line => line.Errors.Count > 0);

        Assert.True(lines.Length > 10, $"only {lines.Length} command lines were found");
        Assert.Empty(errors.Select(line => $"{line.Place}: {line.Line}: {string.Join(' ', line.Errors)}"));
    }

    [Fact]
    public void CommandLines_OfProjectsAndScripts_NameWhatIsThere()
    {
        var paths = DocumentationFiles.CommandLines()
            .SelectMany(line => RepositoryPath().Matches(line.Line).Select(match => (line.Place, Path: match.Groups[1].Value)))
            .Distinct().ToArray();

        Assert.True(paths.Length > 5, $"only {paths.Length} paths were found");
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(RepositoryFiles.Root, path.Path)), $"{path.Place}: {path.Path}"));
    }

    [Fact]
    public void Citation_Version_IsThatOfThePackages()
    {
        string packages = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "Directory.Build.props")).Split("<Version>")[1].Split('<')[0];

        Assert.Contains($"\nversion: {packages}\n", File.ReadAllText(Path.Combine(RepositoryFiles.Root, "CITATION.cff")), StringComparison.Ordinal);
    }

    /// <summary>A call of the command line tool that is neither abridged nor a command's mere name.</summary>
    private static bool IsWhole(string line) => Tool().IsMatch(line) && line.Trim().Count(character => character == ' ') > 1 && !line.Contains("...", StringComparison.Ordinal);

    private static string[] Arguments(string line) =>
        [.. Word().Matches(Tool().Replace(line, "", 1)).Select(match => match.Value.Trim('"')).TakeWhile(word => !word.StartsWith('#'))];

    [GeneratedRegex(@"^\s*(srun )?mlattention ")]
    private static partial Regex Tool();

    [GeneratedRegex(@"""[^""]*""|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?:--project |(?<=^\s*)\./)([A-Za-z][\w./-]*)")]
    private static partial Regex RepositoryPath();
}
