using System.Net;
using System.Text.RegularExpressions;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation;

/// <summary>The repository's Markdown files and documentation comments, and the code in them.</summary>
internal static partial class DocumentationFiles
{
    /// <summary>Every C# block of every Markdown file and every sample of the documentation comments, with where it stands.</summary>
    public static IEnumerable<(string Place, string Code)> CSharp() =>
        Markdown().SelectMany(path => Blocks(path, "csharp"))
            .Concat(Files("src", "*.cs").SelectMany(Samples));

    /// <summary>Every line of a shell block, and every piece of code inside a line of text, with where it stands.</summary>
    public static IEnumerable<(string Place, string Line)> CommandLines() => Markdown().SelectMany(path =>
    {
        var text = File.ReadAllText(path);
        var inBlocks = new[] { "sh", "bash" }.SelectMany(language => Blocks(path, language)).SelectMany(block => block.Code.Split('\n').Select(line => (block.Place, line)));
        var inText = InlineCode().Matches(text).Select(match => (Name(path), match.Groups[1].Value));
        return inBlocks.Concat(inText);
    });

    /// <summary>All test code, to find the blocks in; paths of the test's own files read as those of the documentation.</summary>
    public static string TestCode() => string.Join('\n', Files(Path.Combine("tests", "MlAttention.Tests"), "*.cs").Select(path => Squeeze(File.ReadAllText(path))));

    /// <summary>Code without its indentation and empty lines.</summary>
    public static string Squeeze(string code) =>
        TestFile().Replace(string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)), "$1");

    private static IEnumerable<string> Markdown() => Files("", "*.md").Where(path => !path.Contains("Snapshots", StringComparison.Ordinal));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Name(path).Split('/').Any(part => part is "artifacts" or "obj" or "bin" or "report" || part.StartsWith('.')))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<(string Place, string Code)> Blocks(string path, string language) =>
        File.ReadAllText(path).Split($"```{language}\n").Skip(1).Select((rest, index) => ($"{Name(path)}, {language} block {index + 1}", rest.Split("```")[0]));

    private static IEnumerable<(string Place, string Code)> Samples(string path) => SampleInComment().Matches(File.ReadAllText(path))
        .Select((match, index) => ($"{Name(path)}, sample {index + 1}", WebUtility.HtmlDecode(CommentMark().Replace(match.Groups[1].Value, ""))));

    private static string Name(string path) => Path.GetRelativePath(RepositoryFiles.Root, path).Replace('\\', '/');

    [GeneratedRegex(@"<example><code>(.*?)</code></example>", RegexOptions.Singleline)]
    private static partial Regex SampleInComment();

    [GeneratedRegex(@"^\s*/// ?", RegexOptions.Multiline)]
    private static partial Regex CommentMark();

    [GeneratedRegex(@"(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\b(?:Sample|InRepository)\((""[^""]*"")\)")]
    private static partial Regex TestFile();
}
