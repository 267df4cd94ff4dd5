using System.Net;
using System.Text.RegularExpressions;
using MlAttention.Tests.Datasets;

namespace MlAttention.Tests.Documentation;

/// <summary>
/// The repository's Markdown files and documentation comments. Their C# code is written once, in a test that runs it, between
/// "// sample: Name" and "// end of sample", and inserted from there.
/// </summary>
internal static partial class DocumentationFiles
{
    /// <summary>Every file that holds samples, as it is and with its samples as the tests have them, and how many there are.</summary>
    public static IEnumerable<(string Path, string Text, string Inserted, int Samples)> WithSamples()
    {
        var samples = Files(Path.Combine("tests", "MlAttention.Tests"), "*.cs").SelectMany(path => SampleInTest().Matches(File.ReadAllText(path)))
            .ToDictionary(match => match.Groups["name"].Value, CodeOf, StringComparer.Ordinal);
        return Markdown().Select(path => Insert(path, SampleInMarkdown(), code => code))
            .Concat(Files("src", "*.cs").Select(path => Insert(path, SampleInComment(), AsComment)));

        (string, string, string, int) Insert(string path, Regex place, Func<string, string> written)
        {
            string text = File.ReadAllText(path);
            string inserted = place.Replace(text, match => Indent(match.Groups["start"].Value + written(samples[match.Groups["name"].Value]), match.Groups["indent"].Value) + match.Groups["end"].Value);
            return (path, text, inserted, place.Count(text));
        }
    }

    /// <summary>Blocks of C# that name no sample, with where they stand.</summary>
    public static IEnumerable<string> WithoutSample() =>
        Markdown().Select(path => (path, Text: File.ReadAllText(path))).Where(file => file.Text.Split("```csharp\n").Length - 1 != SampleInMarkdown().Count(file.Text))
            .Concat(Files("src", "*.cs").Select(path => (path, Text: File.ReadAllText(path))).Where(file => file.Text.Split("<example>").Length - 1 != SampleInComment().Count(file.Text)))
            .Select(file => Name(file.path));

    /// <summary>Every line of a shell block, and every piece of code inside a line of text, with where it stands.</summary>
    public static IEnumerable<(string Place, string Line)> CommandLines() => Markdown().SelectMany(path =>
    {
        var text = File.ReadAllText(path);
        var inBlocks = new[] { "sh", "bash" }.SelectMany(language => Blocks(path, language)).SelectMany(block => block.Code.Split('\n').Select(line => (block.Place, line)));
        var inText = InlineCode().Matches(text).Select(match => (Name(path), match.Groups[1].Value));
        return inBlocks.Concat(inText);
    });

    /// <summary>Every page.</summary>
    public static IEnumerable<string> Markdown() => Files("", "*.md").Where(path => !path.Contains("Snapshots", StringComparison.Ordinal));

    /// <summary>A path from the repository's folder on.</summary>
    public static string Name(string path) => Path.GetRelativePath(RepositoryFiles.Root, path).Replace('\\', '/');

    /// <summary>The sample without the test's indentation, and with paths of the test's own files as a reader would write them.</summary>
    private static string CodeOf(Match sample)
    {
        string indent = sample.Groups["indent"].Value;
        return TestFile().Replace(string.Concat(sample.Groups["code"].Value.Split('\n').SkipLast(1).Select(line => (line.StartsWith(indent, StringComparison.Ordinal) ? line[indent.Length..] : line) + "\n")), "$1");
    }

    private static string AsComment(string code) =>
        string.Concat(code.TrimEnd('\n').Split('\n').Select(line => ("/// " + WebUtility.HtmlEncode(line).Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&#39;", "'", StringComparison.Ordinal)).TrimEnd() + "\n"));

    private static string Indent(string text, string indent) => string.Concat(text.TrimEnd('\n').Split('\n').Select(line => (line.Length > 0 ? indent + line : line) + "\n"));

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, folder), pattern, SearchOption.AllDirectories)
            .Where(path => !Name(path).Split('/').Any(part => part is "artifacts" or "obj" or "bin" or "report" || part.StartsWith('.')))
            .Order(StringComparer.Ordinal);

    private static IEnumerable<(string Place, string Code)> Blocks(string path, string language) =>
        File.ReadAllText(path).Split($"```{language}\n").Skip(1).Select((rest, index) => ($"{Name(path)}, {language} block {index + 1}", rest.Split("```")[0]));

    [GeneratedRegex(@"^(?<indent> *)// sample: (?<name>\w+)\n(?<code>.*?)^ *// end of sample$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex SampleInTest();

    [GeneratedRegex(@"(?<indent>)(?<start><!-- sample: (?<name>\w+) -->\n```csharp\n).*?(?<end>```)", RegexOptions.Singleline)]
    private static partial Regex SampleInMarkdown();

    [GeneratedRegex(@"^(?<indent> *)(?<start>/// <example><code source=""(?<name>\w+)"">\n).*?(?<end>^ */// </code></example>)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex SampleInComment();

    [GeneratedRegex(@"(?<!`)`([^`\n]+)`(?!`)")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\b(?:Sample|InRepository)\((""[^""]*"")\)")]
    private static partial Regex TestFile();
}
