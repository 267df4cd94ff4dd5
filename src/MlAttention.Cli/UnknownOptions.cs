using System.CommandLine;
using System.CommandLine.Parsing;

namespace MlAttention.Cli;

/// <summary>Words that look like options and are none of the command's: refused, since the parser would take them for texts or files.</summary>
internal static class UnknownOptions
{
    /// <summary>What is wrong with the first such word and what may be meant; null when there is none. What follows "--" is meant as it is.</summary>
    public static string? ErrorIn(ParseResult result)
    {
        var afterDashes = result.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        var unknown = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Except(afterDashes)
            .Select(token => token.Value).Concat(result.UnmatchedTokens).FirstOrDefault(LooksLikeAnOption);
        if (unknown is null) return null;
        string name = unknown.Split('=')[0], command = result.CommandResult.Command.Name;
        string[] names = [.. result.CommandResult.Command.Options.SelectMany(option => option.Aliases.Prepend(option.Name))];
        string? near = names.Where(candidate => candidate.Length > 2).MinBy(candidate => Distance(name, candidate));
        string advice = near is not null && Distance(name, near) <= Math.Max(2, name.Length / 3) ? $" Is {near} meant?" : "";
        return $"{command} has no option {name}.{advice} A text or a file that begins with a dash comes after --.";
    }

    private static bool LooksLikeAnOption(string word) => word.Length > 1 && word[0] == '-' && (word[1] == '-' ? word.Length > 2 : char.IsAsciiLetter(word[1]));

    /// <summary>The least number of letters that are put in, taken out or changed to make one word of another (Levenshtein 1966).</summary>
    private static int Distance(string first, string second)
    {
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
