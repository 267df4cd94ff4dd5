using System.Diagnostics;
using MlAttention.Training.Checkpoints;

namespace MlAttention.Training;

/// <summary>Tells the caller's progress, the JSON-lines file and the log how training goes.</summary>
internal sealed class TrainingReporter(TrainingOptions options, TrainingLog? file, Action<string>? log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _lastReport;
    private int _firstStep;
    private int _steps;
    private long _tokens;

    /// <summary>Training begins, or goes on, after this many steps.</summary>
    public void Start(TrainingPosition position, int steps, RunIdentity identity)
    {
        _clock.Restart();
        _firstStep = position.Step;
        _steps = steps;
        file?.Write("start", new { position.Step, Steps = steps, position.Epoch, identity.Engine, identity.Model, identity.Training });
    }

    /// <summary>A step is done; reports when the last report is long enough ago.</summary>
    public void Step(TrainingPosition position, long tokens)
    {
        _tokens += tokens;
        if (_clock.Elapsed - _lastReport < Interval) return;
        var progress = Progress(position, position.Epoch + 1, position.Sums.MeanLoss, completed: null);
        file?.Write("progress", progress);
        options.Progress?.Report(progress);
    }

    /// <summary>An epoch is done.</summary>
    public void Epoch(TrainingPosition position, EpochMetrics metrics)
    {
        var progress = Progress(position, metrics.Epoch, metrics.TrainingLoss, metrics);
        file?.Write("epoch", progress);
        options.Progress?.Report(progress);
        var validation = metrics.ValidationAccuracy is null ? "" : FormattableString.Invariant($", validation loss {metrics.ValidationLoss:F4}, accuracy {metrics.ValidationAccuracy:F4}, macro-F1 {metrics.ValidationMacroF1:F4}{(metrics.IsBest ? " (best)" : "")}");
        log?.Invoke(FormattableString.Invariant($"Epoch {metrics.Epoch}/{options.Epochs}: loss {metrics.TrainingLoss:F4}{validation}; {metrics.Duration.TotalSeconds:F1} s, {progress.TokensPerSecond:F0} tokens/s, {metrics.PaddingFraction:P0} padding; at most {progress.Remaining.TotalSeconds:F0} s to go."));
    }

    /// <summary>Something that is worth a line.</summary>
    public void Note(string name, string line)
    {
        file?.Write(name, new { Message = line });
        log?.Invoke(line);
    }

    private TrainingProgress Progress(TrainingPosition position, int epoch, double loss, EpochMetrics? completed)
    {
        var elapsed = _clock.Elapsed;
        _lastReport = elapsed;
        var done = position.Step - _firstStep;
        return new TrainingProgress
        {
            Epoch = epoch,
            Epochs = options.Epochs,
            Step = position.Step,
            Steps = _steps,
            Loss = loss,
            LearningRate = position.LearningRate,
            TokensPerSecond = _tokens / Math.Max(1e-9, elapsed.TotalSeconds),
            Elapsed = TimeSpan.FromSeconds(position.ElapsedSeconds),
            Remaining = elapsed * ((double)(_steps - position.Step) / Math.Max(1, done)),
            CompletedEpoch = completed,
        };
    }
}
