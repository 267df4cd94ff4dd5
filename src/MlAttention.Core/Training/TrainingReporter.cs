using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MlAttention.Core.Training;

/// <summary>Tells the caller's progress, the JSON-lines file and the log how training goes.</summary>
internal sealed class TrainingReporter(TrainingOptions options, TrainingLog? file, Action<string>? log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastReport;
    private volatile bool _isStopAsked;
    private int _firstStep;
    private int _steps;
    private long _tokens;

    /// <summary>Whether what was reported was answered with <see cref="TrainingProgress.Stop"/>.</summary>
    public bool IsStopAsked => _isStopAsked;

    /// <summary>Training begins, or goes on, after this many steps.</summary>
    public void Start(TrainingPosition position, int steps, RunIdentity identity)
    {
        _clock.Restart();
        _firstStep = position.Step;
        _steps = steps;
        file?.Write("start", new(position.Step, steps, position.Epoch, identity.Engine, identity.Model, identity.Training), EventJson.Default.TrainingEventRunStart);
    }

    /// <summary>A step is done; reports when the last report is long enough ago.</summary>
    public void Step(TrainingPosition position, long tokens)
    {
        _tokens += tokens;
        if (_clock.Elapsed - _lastReport < Interval) return;
        var progress = Progress(position, position.Epoch + 1, position.Sums.MeanLoss, completed: null);
        file?.Write("progress", progress, EventJson.Default.TrainingEventTrainingProgress);
        options.Progress?.Report(progress);
    }

    /// <summary>An epoch is done.</summary>
    public void Epoch(TrainingPosition position, EpochMetrics metrics)
    {
        var progress = Progress(position, metrics.Epoch, metrics.TrainingLoss, metrics);
        file?.Write("epoch", progress, EventJson.Default.TrainingEventTrainingProgress);
        options.Progress?.Report(progress);
        string validation = metrics.ValidationLoss is null ? "" : FormattableString.Invariant($", validation loss {metrics.ValidationLoss:F4}{Measures(metrics)}{(metrics.IsBest ? " (best)" : "")}");
        log?.Invoke(FormattableString.Invariant($"Epoch {metrics.Epoch}/{options.SettledEpochs}: loss {metrics.TrainingLoss:F4}{validation}; {metrics.Duration.TotalSeconds:F1} s, {progress.TokensPerSecond:F0} tokens/s, {metrics.PaddingFraction:P0} padding; {(metrics.IsCutShort ? "cut short" : FormattableString.Invariant($"at most {progress.Remaining.TotalSeconds:F0} s left"))}."));
    }

    /// <summary>Something that is worth a line.</summary>
    public void Note(string name, string line)
    {
        file?.Write(name, new(line), EventJson.Default.TrainingEventNote);
        log?.Invoke(line);
    }

    private static string Measures(EpochMetrics metrics)
    {
        (string Name, double? Value)[] measures =
        [
            ("accuracy", metrics.ValidationAccuracy), ("micro-F1", metrics.ValidationMicroF1), ("macro-F1", metrics.ValidationMacroF1),
            ("entity F1", metrics.ValidationEntityF1), ("R²", metrics.ValidationRSquared), ("perplexity", metrics.ValidationPerplexity),
        ];
        return string.Concat(measures.Where(measure => measure.Value is not null).Select(measure => FormattableString.Invariant($", {measure.Name} {measure.Value:F4}")));
    }

    private TrainingProgress Progress(TrainingPosition position, int epoch, double loss, EpochMetrics? completed)
    {
        var elapsed = _clock.Elapsed;
        _lastReport = elapsed;
        int done = position.Step - _firstStep;
        var (spent, remaining) = (TimeSpan.FromSeconds(position.ElapsedSeconds), elapsed * ((double)(_steps - position.Step) / Math.Max(1, done)));
        if (options.MaxDuration - spent is { } allowed && allowed < remaining) remaining = allowed > TimeSpan.Zero ? allowed : TimeSpan.Zero;
        return new TrainingProgress
        {
            Epoch = epoch,
            Epochs = options.SettledEpochs,
            Step = position.Step,
            Steps = _steps,
            Loss = loss,
            LearningRate = position.LearningRate,
            TokensPerSecond = _tokens / Math.Max(1e-9, elapsed.TotalSeconds),
            Elapsed = spent,
            Remaining = remaining,
            CompletedEpoch = completed,
            OnStop = () => _isStopAsked = true,
        };
    }
}

/// <summary>Appends training events to a file, one line of JSON each; every line is on disk before the next event.</summary>
internal sealed class TrainingLog : IDisposable
{
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
    /// <param name="type">How they are written.</param>
    public void Write<T>(string name, T details, JsonTypeInfo<TrainingEvent<T>> type)
    {
        if (_failed) return;
        try
        {
            _writer.WriteLine(JsonSerializer.Serialize(new(name, DateTimeOffset.UtcNow, details), type));
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

/// <summary>One line of the log.</summary>
internal sealed record TrainingEvent<T>(string Event, DateTimeOffset Time, T Details);

/// <summary>What is told when a run begins or goes on.</summary>
internal sealed record RunStart(int Step, int Steps, int Epoch, string Engine, string Model, string Training);

/// <summary>What is told of checkpoints, the end and errors.</summary>
internal sealed record Note(string Message);

/// <summary>Events as JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TrainingEvent<RunStart>))]
[JsonSerializable(typeof(TrainingEvent<TrainingProgress>))]
[JsonSerializable(typeof(TrainingEvent<Note>))]
internal sealed partial class EventJson : JsonSerializerContext;
