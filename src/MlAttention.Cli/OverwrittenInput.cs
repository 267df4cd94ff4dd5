using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO.Enumeration;

namespace MlAttention.Cli;

/// <summary>An output that is a file which the same command reads: refused, with --force too, since the data would be gone.</summary>
internal static class OverwrittenInput
{
    private static readonly string[] s_written = ["--out", "--errors", "--log"], s_read = ["--data", "--validation", "--test"];

    // Their --out is a folder, which they check as such.
    private static readonly string[] s_toFolders = ["ablate", "merge", "report"];

    /// <summary>What is wrong with the first such output; null when there is none.</summary>
    public static string? ErrorIn(ParseResult result)
    {
        if (s_toFolders.Contains(result.CommandResult.Command.Name)) return null;
        var options = result.CommandResult.Children.OfType<OptionResult>().ToArray();
        string[] read = [.. result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Concat(options.Where(option => s_read.Contains(option.Option.Name)).SelectMany(option => option.Tokens)).Select(token => token.Value)];
        foreach (var option in options.Where(option => s_written.Contains(option.Option.Name)))
            if (option.Tokens.Select(token => token.Value).FirstOrDefault(path => File.Exists(path) && read.Any(input => Names(input, path))) is { } path)
                return $"{option.Option.Name} {path}: the command reads that file, and would write over it. Choose another name.";
        return null;
    }

    /// <summary>Whether an input is the file, or a pattern that it matches.</summary>
    private static bool Names(string input, string path)
    {
        if (input.Length == 0 || input.Contains('\0', StringComparison.Ordinal)) return false;
        string whole = Path.GetFullPath(input), file = Path.GetFullPath(path);
        return whole == file || (Path.GetDirectoryName(whole) == Path.GetDirectoryName(file) && FileSystemName.MatchesSimpleExpression(Path.GetFileName(whole), Path.GetFileName(file), ignoreCase: false));
    }
}
