using System.Diagnostics;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Runtime;

/// <summary>Hands the messages of one phase of work to the log, with the time that it took at the end.</summary>
internal sealed class Channel : IChannel
{
    private readonly string _source;
    private readonly Action<string, ChannelMessage> _log;
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private bool _disposed;

    public Channel(string parentName, string name, Action<string, ChannelMessage> log)
    {
        Guard.NotEmpty(name, nameof(name));
        _source = parentName is null ? name : $"{parentName}; {name}";
        _log = log;
        Trace(MessageSensitivity.None, "Channel started");
    }

    public string ContextDescription => _source;

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt));

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Trace, sensitivity, fmt, args));

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Error, sensitivity, fmt));

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Error, sensitivity, fmt, args));

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt));

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Warning, sensitivity, fmt, args));

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(new(ChannelMessageKind.Info, sensitivity, fmt));

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(new(ChannelMessageKind.Info, sensitivity, fmt, args));

    public void Send(ChannelMessage msg) => _log(_source, msg);

    public TException Process<TException>(TException ex)
        where TException : Exception => ex;

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _elapsed.Elapsed);
        Trace(MessageSensitivity.None, "Channel disposed");
    }
}
