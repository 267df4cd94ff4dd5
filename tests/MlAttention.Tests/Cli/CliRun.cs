using System.Text;
using MlAttention.Cli;
using MlAttention.Cli.Terminal;

namespace MlAttention.Tests.Cli;

/// <summary>Runs the command line inside the test process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] args) => Run(args, isTerminal: false, new StringWriter());

    /// <summary>With something piped into the program.</summary>
    public static CliRun Piped(byte[] input, params string[] args) => Run(args, isTerminal: false, new StringWriter(), new MemoryStream(input));

    /// <summary>With a text piped into the program.</summary>
    public static CliRun Piped(string input, params string[] args) => Piped(Encoding.UTF8.GetBytes(input), args);

    /// <summary>As on a terminal, with control codes.</summary>
    public static CliRun OnTerminal(params string[] args) => Run(args, isTerminal: true, new StringWriter());

    /// <summary>Interrupts the command when it writes a certain line to the error stream.</summary>
    public static CliRun Until(CancellationTokenSource interrupt, Func<string, bool> isLast, params string[] args) =>
        Run(args, isTerminal: false, new WatchedWriter(line => { if (isLast(line)) interrupt.Cancel(); }), input: null, interrupt.Token);

    /// <summary>The error stream without the version line.</summary>
    public string ErrorMessage => string.Join('\n', Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("MlAttention ", StringComparison.Ordinal)));

    private static CliRun Run(string[] args, bool isTerminal, StringWriter error, Stream? input = null, CancellationToken cancellation = default)
    {
        using var output = new StringWriter();
        int exitCode = CommandLineApp.Run(args, CliConsole.Of(output, error, isTerminal: isTerminal, input: input), cancellation);
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
