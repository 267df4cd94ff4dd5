namespace MlAttention.Cli.Commands;

/// <summary>A command: its fields are what it takes from the command line, <see cref="Run"/> is what it does.</summary>
internal abstract class CliCommand : Command
{
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Print results only, no progress and no headings." };
    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON on standard output and nothing else there." };

    /// <summary>Names the command; its constructor then calls <see cref="Declare"/>.</summary>
    protected CliCommand(CliConsole console, string name, string description) : base(name, description)
    {
        Console = console;
        SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
    }

    /// <summary>Where the command reads and writes.</summary>
    protected CliConsole Console { get; }

    /// <summary>--force, for a command that says more of it.</summary>
    protected Option<bool> ForceOption { get; } = new("--force") { Description = "Replace files that exist; without it nothing is overwritten." };

    /// <summary>What every command has: --force, --quiet and --json.</summary>
    protected IEnumerable<Option> Common => [ForceOption, _quiet, _json];

    /// <summary>Does the work.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    protected abstract int Run(ParseResult parsed, CancellationToken cancellation);

    /// <summary>Adds what the command takes, in the order of its help.</summary>
    protected void Declare(IEnumerable<Symbol> parts)
    {
        foreach (var part in parts)
        {
            if (part is Argument argument) Add(argument);
            else Add((Option)part);
        }
    }

    /// <summary>--force</summary>
    protected bool Force(ParseResult parsed) => parsed.GetValue(ForceOption);

    /// <summary>--quiet</summary>
    protected bool Quiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>--json</summary>
    protected bool Json(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether only results, warnings and errors are shown.</summary>
    protected bool Silent(ParseResult parsed) => Quiet(parsed) || Json(parsed);

    /// <summary>The first line of every command that is not silent: version and libraries.</summary>
    protected void Announce(ParseResult parsed)
    {
        if (!Silent(parsed)) Console.Error.WriteLine(ProgramVersion.Line);
    }

    /// <summary>Says where a result is, unless silent.</summary>
    protected void TellWritten(ParseResult parsed, string path)
    {
        if (!Silent(parsed)) Console.Output.WriteLine($"Written: {path}");
    }
}
