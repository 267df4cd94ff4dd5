using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MlAttention.Cli.Output;

/// <summary>Shows ML.NET's warnings, such as rows that were left out, on the error stream.</summary>
internal static class Warnings
{
    /// <summary>From now on each warning of the context is a line.</summary>
    public static void Show(MLContext context, CliConsole console) => context.Log += (_, logged) =>
    {
        if (logged.Kind == ChannelMessageKind.Warning) console.Error.WriteLine($"warning: {logged.RawMessage}");
    };
}
