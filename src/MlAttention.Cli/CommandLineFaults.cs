using System.CommandLine.Parsing;
using System.IO.Enumeration;
using MlAttention.Cli.Commands;

namespace MlAttention.Cli;

/// <summary>What is wrong with a command line before it is run: what the parser finds, and what it lets pass.</summary>
internal static class CommandLineFaults
{
    private static readonly char[] s_endsOfName = ['=', ':', ' '];
    private static readonly string[] s_written = ["--out", "--errors", "--log"], s_read = ["--data", "--validation", "--test"];

    /// <summary>The faults; none when the command can be run.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="words">The words of the command line.</param>
    public static string[] In(ParseResult result, IReadOnlyList<string> words) =>
        UnknownOption(result, words) is { } unknown ? [unknown]
        : result.Errors.Count > 0 ? [.. result.Errors.Select(error => error.Message)]
        : OverwrittenInput(result) is { } overwritten ? [overwritten] : [];

    /// <summary>
    /// A word that looks like an option and is none of the command's, which the parser would take for a text, a file or a value; and what
    /// may be meant. What follows "--" is meant as it is.
    /// </summary>
    private static string? UnknownOption(ParseResult result, IReadOnlyList<string> words)
    {
        var command = result.CommandResult.Command;
        string[] known = [.. Names(command.Options), .. Names(result.CommandResult.Above().SelectMany(above => above.Command.Options).Where(option => option.Recursive))];
        string? unknown = words.TakeWhile(word => word != "--").Where(LooksLikeAnOption).Select(NameOf).FirstOrDefault(name => !known.Contains(name));
        return unknown is null ? null
            : $"{command.Name} has no option {unknown}.{Advice(unknown, known, result.RootCommandResult.Command)} Texts and files that begin with a dash come after --, values of options after =.";
    }

    private static bool LooksLikeAnOption(string word) => word.TrimStart('-') is [var first, ..] rest && char.IsLetter(first) && word.Length - rest.Length is 1 or 2;

    private static string NameOf(string word) => word.IndexOfAny(s_endsOfName) is >= 0 and var end ? word[..end] : word;

    private static IEnumerable<string> Names(IEnumerable<Option> options) => options.SelectMany(option => option.Aliases.Prepend(option.Name));

    /// <summary>The commands above one, from the next to the root.</summary>
    public static IEnumerable<CommandResult> Above(this CommandResult command)
    {
        for (var above = command.Parent as CommandResult; above is not null; above = above.Parent as CommandResult) yield return above;
    }

    private static string Advice(string unknown, string[] known, Command root)
    {
        string[] others = [.. root.Subcommands.Where(command => Names(command.Options).Contains(unknown)).Select(command => command.Name)];
        if (others.Length > 0) return $" It is an option of {ReportText.List(others)}.";
        return Nearest(unknown, known) is { } near ? $" Is {near} meant?" : "";
    }

    /// <summary>The option that begins as the word does, or differs from it by a few letters.</summary>
    private static string? Nearest(string unknown, string[] known)
    {
        string word = Letters(unknown);
        int most = word.Length < 4 ? 1 : Math.Max(2, word.Length / 3);
        var near = known.Where(name => Letters(name).Length > 1).Select(name => (Name: name, Distance: Distance(word, Letters(name)))).MinBy(candidate => candidate.Distance);
        return near.Name is not null && near.Distance <= most ? near.Name : null;

        static string Letters(string name) => name.TrimStart('-').ToLowerInvariant();
    }

    /// <summary>
    /// The least number of letters that are put in, taken out or changed to make one word of another (Levenshtein 1966); none where one is
    /// the beginning of the other.
    /// </summary>
    private static int Distance(string first, string second)
    {
        if (first.StartsWith(second, StringComparison.Ordinal) || second.StartsWith(first, StringComparison.Ordinal)) return 0;
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int changed = diagonal + (first[i - 1] == second[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }

    /// <summary>An output that is a file which the same command reads: refused, with --force too, since the data would be gone.</summary>
    private static string? OverwrittenInput(ParseResult result)
    {
        if (result.CommandResult.Command is AblationCommand) return null; // its --out is a folder, which it checks as such
        var options = result.CommandResult.Children.OfType<OptionResult>().ToArray();
        string[] read = [.. result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Concat(options.Where(option => s_read.Contains(option.Option.Name)).SelectMany(option => option.Tokens)).Select(token => token.Value)];
        foreach (var option in options.Where(option => s_written.Contains(option.Option.Name)))
            if (option.Tokens.Select(token => token.Value).FirstOrDefault(path => File.Exists(path) && read.Any(input => IsNamedBy(input, path))) is { } path)
                return $"{option.Option.Name} {path}: the command reads that file, and would write over it. Choose another name.";
        return null;
    }

    /// <summary>Whether an input is the file, or a pattern that it matches.</summary>
    private static bool IsNamedBy(string input, string path)
    {
        if (input.Length == 0 || input.Contains('\0', StringComparison.Ordinal)) return false;
        string whole = Path.GetFullPath(input), file = Path.GetFullPath(path);
        return whole == file || (Path.GetDirectoryName(whole) == Path.GetDirectoryName(file) && FileSystemName.MatchesSimpleExpression(Path.GetFileName(whole), Path.GetFileName(file), ignoreCase: false));
    }
}
