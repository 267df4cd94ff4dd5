using System.Text;
using MlAttention.Cli;

namespace MlAttention.Tests.Cli;

/// <summary>Runs the command line inside the test process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] args) => Run(args, isTerminal: false, new StringWriter());

    /// <summary>As on a terminal, with control codes.</summary>
    public static CliRun OnTerminal(params string[] args) => Run(args, isTerminal: true, new StringWriter());

    /// <summary>Interrupts the command when it writes a certain line to the error stream.</summary>
    public static CliRun Until(CancellationTokenSource interrupt, Func<string, bool> isLast, params string[] args) =>
        Run(args, isTerminal: false, new WatchedWriter(line => { if (isLast(line)) interrupt.Cancel(); }), interrupt.Token);

    /// <summary>The error stream without the version line.</summary>
    public string ErrorMessage => string.Join('\n', Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("MlAttention ", StringComparison.Ordinal)));

    private static CliRun Run(string[] args, bool isTerminal, StringWriter error, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        int exitCode = CommandLineApp.Run(args, CliConsole.Of(output, error, isTerminal: isTerminal), cancellation);
        return new(exitCode, output.ToString(), error.ToString());
    }

    private sealed class WatchedWriter(Action<string> seen) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            seen(value ?? "");
        }

        public override Encoding Encoding => Encoding.UTF8;
    }
}
