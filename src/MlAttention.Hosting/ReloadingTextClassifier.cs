using Microsoft.Extensions.Logging;

namespace MlAttention;

/// <summary>The text classifier of a file, one for all callers of an application: when the file changes, the next call takes the new one.</summary>
/// <remarks>
/// The file is looked at once a second, and loaded again when its time, its length or the target of its link has changed and then stood
/// still for a second. So a file that is still being written is left alone, and links that are turned and network shares are noticed too.
/// A file that is damaged, missing or may not be read leaves the last good classifier in use; the log has a warning with the reason, once
/// for each change. All members may be called from any number of threads at once.
/// </remarks>
public sealed partial class ReloadingTextClassifier : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ILogger _logger;
    private readonly ITimer? _timer;
    private readonly Lock _looking = new();
    private volatile TextClassifier _current;
    private FileState _seen;           // by the last look
    private FileState _judged;         // loaded, or found to be of no use
    private bool _tryAgain;            // because what was judged may be of use later without a change
    private bool _disposed;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, an ML.NET model, or weights alone.</exception>
    /// <exception cref="NotSupportedException">The managed engine does not cover the architecture.</exception>
    internal ReloadingTextClassifier(string path, bool watch, ILogger logger, TimeProvider time)
    {
        _path = path;
        _logger = logger;
        _seen = _judged = FileState.Of(path);
        _current = TextClassifier.Load(path);
        if (watch) _timer = CreateTimer(time, Look);
    }

    /// <summary>The last classifier that could be loaded.</summary>
    /// <remarks>It never changes, so labels, probabilities and predictions that are taken from it agree: ask once for what belongs together.</remarks>
    public TextClassifier Current => _current;

    /// <summary>The most probable label of a text, by the last classifier that could be loaded.</summary>
    /// <param name="text">The text; an empty one is a sequence without tokens.</param>
    public TextPrediction Predict(ReadOnlySpan<char> text) => Current.Predict(text);

    /// <summary>The most probable label of a pair of texts, by the last classifier that could be loaded.</summary>
    /// <param name="first">The first text.</param>
    /// <param name="second">The second text.</param>
    /// <exception cref="InvalidOperationException">That classifier reads another number of texts together.</exception>
    public TextPrediction Predict(ReadOnlySpan<char> first, ReadOnlySpan<char> second) => Current.Predict(first, second);

    /// <summary>Stops looking at the file, after a reload that is under way; the last classifier stays usable.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        lock (_looking) _disposed = true;
    }

    /// <summary>Loads the file if it is another than the one that was judged, and is as the last look found it.</summary>
    private void Look()
    {
        if (!_looking.TryEnter()) return;      // the look before is still loading
        try
        {
            var before = _seen;
            _seen = FileState.Of(_path);
            if (!_disposed && _seen == before && (_seen != _judged || _tryAgain)) Reload();
        }
        finally
        {
            _looking.Exit();
        }
    }

    private void Reload()
    {
        TextClassifier? loaded = null;
        Exception? fault = null;
        try
        {
            loaded = TextClassifier.Load(_path);
        }
        catch (Exception exception)            // whatever it is: the service goes on
        {
            fault = exception;
        }

        if (FileState.Of(_path) != _seen) return; // written while it was read, and perhaps read half old, half new: the next looks decide
        bool isNew = _seen != _judged;
        _judged = _seen;
        _tryAgain = fault is IOException or UnauthorizedAccessException;
        if (loaded is not null)
        {
            _current = loaded;
            LogReloaded(_path, loaded.Labels.Count);
        }
        else if (isNew)
        {
            LogKept(_path, fault!.Message, fault);
        }
    }

    /// <summary>A timer that keeps nothing of its creator's context: neither the first request's logging scope nor the request itself.</summary>
    private static ITimer CreateTimer(TimeProvider time, Action look)
    {
        using var suppressed = ExecutionContext.SuppressFlow();
        return time.CreateTimer(_ => look(), null, Period, Period);
    }

    [LoggerMessage(1, LogLevel.Information, "{Path} has changed and is in use: a text classifier of {Labels} labels.")]
    private partial void LogReloaded(string path, int labels);

    [LoggerMessage(2, LogLevel.Warning, "{Path} has changed and cannot be loaded; the last good text classifier stays in use. {Reason}")]
    private partial void LogKept(string path, string reason, Exception exception);

    /// <summary>What tells that a file has changed, without reading it: the file that its links lead to, when that was written, and its length in bytes.</summary>
    /// <remarks>Links are followed because mounted models are often replaced by turning a link, which leaves the link's own folder as it was.</remarks>
    private readonly record struct FileState(string Target, DateTime Written, long Length)
    {
        /// <summary>The file's state now; the default when there is no file that can be looked at.</summary>
        public static FileState Of(string path)
        {
            try
            {
                var file = new FileInfo(path);
                file = (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
                return file.Exists ? new(file.FullName, file.LastWriteTimeUtc, file.Length) : default;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return default;
            }
        }
    }
}
