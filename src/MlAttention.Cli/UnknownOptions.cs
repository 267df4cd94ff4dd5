using System.CommandLine;
using System.CommandLine.Parsing;
using MlAttention.Reporting;

namespace MlAttention.Cli;

/// <summary>Words that look like options and are none of the command's: refused, since the parser would take them for texts, files or values.</summary>
internal static class UnknownOptions
{
    private static readonly char[] s_endsOfName = ['=', ':', ' '];

    /// <summary>What is wrong with the first such word and what may be meant; null when there is none. What follows "--" is meant as it is.</summary>
    /// <param name="result">The parsed command line.</param>
    /// <param name="words">The words of the command line.</param>
    public static string? ErrorIn(ParseResult result, IReadOnlyList<string> words)
    {
        var command = result.CommandResult.Command;
        string[] known = [.. Names(command.Options), .. InheritedNames(result.CommandResult)];
        string? unknown = words.TakeWhile(word => word != "--").Where(LooksLikeAnOption).Select(NameOf).FirstOrDefault(name => !known.Contains(name));
        return unknown is null ? null
            : $"{command.Name} has no option {unknown}.{Advice(unknown, known, result.RootCommandResult.Command)} Texts and files that begin with a dash come after --, values of options after =.";
    }

    private static bool LooksLikeAnOption(string word) => word.TrimStart('-') is [var first, ..] rest && char.IsLetter(first) && word.Length - rest.Length is 1 or 2;

    private static string NameOf(string word) => word.IndexOfAny(s_endsOfName) is >= 0 and var end ? word[..end] : word;

    private static IEnumerable<string> Names(IEnumerable<Option> options) => options.SelectMany(option => option.Aliases.Prepend(option.Name));

    private static IEnumerable<string> InheritedNames(CommandResult command)
    {
        for (var above = command.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
            foreach (string name in Names(above.Command.Options.Where(option => option.Recursive))) yield return name;
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
}
