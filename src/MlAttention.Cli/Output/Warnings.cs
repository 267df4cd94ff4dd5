using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlAttention.Cli.Output;

/// <summary>Shows ML.NET's warnings, such as rows that were left out, on the error stream.</summary>
internal static class Warnings
{
    /// <summary>From now on each warning of the context is a line.</summary>
    public static void Show(MLContext context, CliConsole console) => context.Log += (_, logged) =>
    {
        if (logged.Kind == ChannelMessageKind.Warning) Show(logged.RawMessage, console);
    };

    /// <summary>Shows what is to be known about the data.</summary>
    public static void Show(IEnumerable<DataWarning> warnings, CliConsole console)
    {
        foreach (var warning in warnings) Show(warning.Text, console);
    }

    /// <summary>Shows a warning as a line.</summary>
    public static void Show(string warning, CliConsole console) => console.Error.WriteLine($"warning: {warning}");
}
