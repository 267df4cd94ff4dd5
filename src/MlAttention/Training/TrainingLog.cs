using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlAttention.Training;

/// <summary>Appends training events to a file, one line of JSON each; every line is on disk before the next event.</summary>
internal sealed class TrainingLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly StreamWriter _writer;
    private readonly string _path;
    private readonly Action<string>? _warn;
    private bool _failed;

    /// <summary>Opens the file, keeping what it has; a missing folder is made.</summary>
    /// <param name="path">The file.</param>
    /// <param name="warn">Hears, once, that the file cannot be written any more: training goes on, since a full disk must not cost what was trained.</param>
    public TrainingLog(string path, Action<string>? warn = null)
    {
        (_path, _warn) = (path, warn);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };
    }

    /// <summary>Appends one event.</summary>
    /// <param name="name">"start", "progress", "epoch", "checkpoint", "end" or "error".</param>
    /// <param name="details">The event's properties.</param>
    public void Write(string name, object details)
    {
        if (_failed) return;
        try
        {
            _writer.WriteLine(JsonSerializer.Serialize(new { Event = name, Time = DateTimeOffset.UtcNow, Details = details }, Json));
        }
        catch (IOException error)
        {
            _failed = true;
            _warn?.Invoke($"LogPath = {_path} cannot be written any more: {error.Message}");
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        try
        {
            _writer.Dispose();
        }
        catch (IOException) when (_failed)
        {
            // What could not be written before still cannot.
        }
    }
}
