using System.CommandLine;
using MlAttention.Reporting;

namespace MlAttention.Cli.Commands;

/// <summary>Options that mean the same for every command.</summary>
internal static class CommonOptions
{
    /// <summary>--force</summary>
    public static Option<bool> Force() => new("--force") { Description = "Replace files that exist; without it nothing is overwritten." };

    /// <summary>--quiet</summary>
    public static Option<bool> Quiet() => new("--quiet", "-q") { Description = "Print results only, no progress and no headings." };

    /// <summary>--json</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on standard output and nothing else there." };

    /// <summary>--seed</summary>
    public static Option<int> Seed() => new("--seed") { Description = "Makes the run repeatable.", DefaultValueFactory = _ => 1 };

    /// <summary>The first line of every command that is not quiet: version and libraries.</summary>
    public static void Announce(CliConsole console, bool silent)
    {
        if (!silent) console.Error.WriteLine(ProgramVersion.Line);
    }

    /// <summary>Refuses to replace a file unless told to, before any work is done.</summary>
    /// <exception cref="InputException">The file exists.</exception>
    public static void RequireFree(string? path, bool force)
    {
        if (path is not null && !force && (File.Exists(path) || Directory.Exists(path)))
            throw new InputException($"{path} exists. Choose another name, or replace it with --force.");
    }

    /// <summary>Fails unless the file exists.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static void RequireExists(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder, not a file.");
        if (!File.Exists(path)) throw new InputException($"{path} does not exist (looked in {Path.GetDirectoryName(Path.GetFullPath(path))}).");
    }
}
