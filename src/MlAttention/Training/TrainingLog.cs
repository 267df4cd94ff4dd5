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

    /// <summary>Opens the file, keeping what it has.</summary>
    public TrainingLog(string path) => _writer = new StreamWriter(path, append: true) { AutoFlush = true, NewLine = "\n" };

    /// <summary>Appends one event.</summary>
    /// <param name="name">"start", "progress", "epoch", "checkpoint", "end" or "error".</param>
    /// <param name="details">The event's properties.</param>
    public void Write(string name, object details) =>
        _writer.WriteLine(JsonSerializer.Serialize(new { Event = name, Time = DateTimeOffset.UtcNow, Details = details }, Json));

    /// <summary>Closes the file.</summary>
    public void Dispose() => _writer.Dispose();
}
