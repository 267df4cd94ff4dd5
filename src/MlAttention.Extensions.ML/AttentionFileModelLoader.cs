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
    private volatile ITransformer _model;
    private volatile CancellationTokenSource _changed = new();

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
        _model = context.Model.LoadAttention(_path, out _);
        if (!watchForChanges) return;

        _watcher = new FileSystemWatcher(Path.GetDirectoryName(_path)!, Path.GetFileName(_path));
        _watcher.Changed += (_, _) => Reload();
        _watcher.Created += (_, _) => Reload();
        _watcher.Renamed += (_, _) => Reload();
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>The last model that could be loaded.</summary>
    public override ITransformer GetModel() => _model;

    /// <summary>Tells the pool when there is a new model.</summary>
    public override IChangeToken GetReloadToken() => new CancellationChangeToken(_changed.Token);

    /// <summary>Stops watching the file.</summary>
    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    private void Reload()
    {
        lock (_reloading)
        {
            if (!TryLoad()) return;
        }

        var before = Interlocked.Exchange(ref _changed, new CancellationTokenSource());
        before.Cancel();
        before.Dispose();
    }

    private bool TryLoad()
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            try
            {
                _model = _context.Model.LoadAttention(_path, out _);
                return true;
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                Thread.Sleep(Pause);
            }
        }

        return false;
    }
}
