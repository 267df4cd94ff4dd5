using System.Globalization;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Runtime;

/// <summary>A message of a channel.</summary>
public readonly struct ChannelMessage
{
    public readonly ChannelMessageKind Kind;

    public readonly MessageSensitivity Sensitivity;

    private readonly string _format;
    private readonly object[] _arguments;

    internal ChannelMessage(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] arguments = null)
    {
        Guard.NotEmpty(format, nameof(format));
        Kind = kind;
        Sensitivity = sensitivity;
        _format = format;
        _arguments = arguments;
    }

    public string Message => _arguments is null ? _format : string.Format(CultureInfo.CurrentCulture, _format, _arguments);
}
