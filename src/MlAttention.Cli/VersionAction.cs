using System.CommandLine;
using System.CommandLine.Invocation;
using MlAttention.Ablation;

namespace MlAttention.Cli;

/// <summary>Prints the version and those of the libraries underneath.</summary>
internal sealed class VersionAction(CliConsole console) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        console.Output.WriteLine(ProgramVersion.Line);
        return ExitCode.Success;
    }
}
