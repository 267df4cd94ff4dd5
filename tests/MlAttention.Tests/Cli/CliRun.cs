using MlAttention.Cli;

namespace MlAttention.Tests.Cli;

/// <summary>Runs the command line inside the test process.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static CliRun Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = CommandLineApp.Run(args, CliConsole.Of(output, error));
        return new(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The error stream without the version line.</summary>
    public string ErrorMessage => string.Join('\n', Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("MlAttention ", StringComparison.Ordinal)));
}
