using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>A message that reached <see cref="MLContext.Log"/>.</summary>
public class LoggingEventArgs : EventArgs
{
    public LoggingEventArgs(string message)
    {
        Message = message;
    }

    public LoggingEventArgs(string message, ChannelMessageKind kind, string source)
        : this($"[Source={source}, Kind={kind}] {message}")
    {
        RawMessage = message;
        Kind = kind;
        Source = source;
    }

    public string Source { get; }

    public ChannelMessageKind Kind { get; }

    /// <summary>The message after its source and kind.</summary>
    public string Message { get; }

    /// <summary>The message alone.</summary>
    public string RawMessage { get; }
}
