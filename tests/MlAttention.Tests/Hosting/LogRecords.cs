using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MlAttention.Tests.Hosting;

/// <summary>What a classifier logged, and whose context it was logged in.</summary>
internal sealed class LogRecords : ILogger<ReloadingTextClassifier>
{
    private readonly ConcurrentQueue<(LogLevel Level, string Message, string? Caller)> _records = new();

    /// <summary>Stands for what belongs to one request, such as its logging scope.</summary>
    public static AsyncLocal<string?> Caller { get; } = new();

    public IReadOnlyList<(LogLevel Level, string Message, string? Caller)> All => [.. _records];

    /// <summary>What a test does while the classifier logs, and so is still looking at its file.</summary>
    public Action? Logging { get; set; }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _records.Enqueue((logLevel, formatter(state, exception), Caller.Value));
        Logging?.Invoke();
    }
}
