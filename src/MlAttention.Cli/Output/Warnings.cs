using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Cli.Commands;

namespace MlAttention.Cli.Output;

/// <summary>Shows ML.NET's warnings, such as rows that were left out, on the error stream.</summary>
internal static class Warnings
{
    /// <summary>From now on each warning of the context is a line.</summary>
    public static void Show(MLContext context, CliConsole console) => Show(context, console.Error.WriteLine);

    /// <summary>From now on each warning of the context is said.</summary>
    public static void Show(MLContext context, Action<string> say) => context.Log += (_, logged) =>
    {
        if (logged.Kind == ChannelMessageKind.Warning) say($"warning: {new OptionWords().In(logged.RawMessage)}");
    };

    /// <summary>Says what is to be known about the data.</summary>
    public static void Show(IEnumerable<DataWarning> warnings, Action<string> say)
    {
        foreach (var warning in warnings) say($"warning: {warning.Text}");
    }
}
