using Microsoft.Extensions.ML;
using Microsoft.Extensions.Primitives;
using Microsoft.ML;

namespace MlAttention.Extensions.ML;

/// <summary>Loads a model with MlAttention's components from a file for a PredictionEnginePool, and again when the file changes.</summary>
/// <remarks>A file that cannot be read, because it is still being written or is damaged, leaves the last good model in use.</remarks>
public sealed class AttentionFileModelLoader : ModelLoader, IDisposable
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly MLContext _context;
    private readonly string _path;
    private readonly FileSystemWatcher? _watcher;
    private readonly Lock _reloading = new();
    private volatile LoadedModel _current;
    private volatile bool _disposed;

    /// <summary>Loads the model.</summary>
    /// <param name="context">The context of the pool.</param>
    /// <param name="path">The model file.</param>
    /// <param name="watchForChanges">Whether the model is loaded again when the file changes.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or is no ML.NET model.</exception>
    public AttentionFileModelLoader(MLContext context, string path, bool watchForChanges)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _context = context;
        _path = Path.GetFullPath(path);
        _current = Load();
        if (!watchForChanges) return;

        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!, Path.GetFileName(_path));
        _watcher.Changed += (_, _) => Reload();
        _watcher.Created += (_, _) => Reload();
        _watcher.Renamed += (_, _) => Reload();
        _watcher.EnableRaisingEvents = true;
        Reload();                                     // what was written before the watcher started
    }

    /// <summary>The last model that could be loaded.</summary>
    public override ITransformer GetModel() => _current.Model;

    /// <summary>Tells the pool when there is a new model.</summary>
    public override IChangeToken GetReloadToken() => new CancellationChangeToken(_current.Replaced.Token);

    /// <summary>Stops watching the file; the model stays usable.</summary>
    public void Dispose()
    {
        _disposed = true;
        _watcher?.Dispose();
    }

    /// <summary>A file that is written gives many events: one for each part. Those of a file that is loaded already change nothing.</summary>
    private void Reload()
    {
        LoadedModel before;
        lock (_reloading)
        {
            before = _current;
            if (_disposed || FileState.Of(_path) == before.File || TryLoad() is not { } loaded) return;
            _current = loaded;
        }

        before.Replaced.Cancel();
    }

    private LoadedModel? TryLoad()
    {
        for (var attempt = 0; attempt < Attempts && !_disposed; attempt++)
        {
            try
            {
                return Load();
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Thread.Sleep(Pause);
            }
        }

        return null;
    }

    private LoadedModel Load()
    {
        var file = FileState.Of(_path);
        return new LoadedModel(_context.Model.LoadAttention(_path, out _), file, new CancellationTokenSource());
    }

    /// <summary>A model, the file that it came from, and what tells that another took its place. Such a source holds nothing to dispose of.</summary>
    private sealed record LoadedModel(ITransformer Model, FileState File, CancellationTokenSource Replaced);

    private readonly record struct FileState(DateTime Written, long Length)
    {
        public static FileState Of(string path) => new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc, file.Length) : default;
    }
}
