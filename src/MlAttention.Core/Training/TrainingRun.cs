using System.Diagnostics;

namespace MlAttention.Core.Training;

/// <summary>One run from its first or resumed step to its last: steps, epochs, early stopping, checkpoints.</summary>
internal sealed class TrainingRun
{
    private static readonly TimeSpan CancellationInterval = TimeSpan.FromMilliseconds(20);
    private readonly ISequenceEngine _engine;
    private readonly SequenceModelOptions _model;
    private readonly Objective _objective;
    private readonly TrainingOptions _options;
    private readonly TrainingData _data;
    private readonly TrainingReporter _reporter;
    private readonly Action? _throwIfCancelled;
    private BatchPlanner _planner;
    private BatchBuilder _batches;
    private readonly LearningRateCurve _curve;
    private readonly RareTokenDropout _rareTokens;
    private readonly RunIdentity _identity;
    private readonly CheckpointStore? _checkpoints;
    private readonly int _steps;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _resumedSeconds;
    private TimeSpan _lastCancellationCheck;
    private TrainingPosition _position = new();
    private IReadOnlyList<WeightTensor> _bestWeights = [];
    private TrainingStopReason? _asked;

    public TrainingRun(ISequenceEngine engine, SequenceModelOptions model, TrainingOptions options, TrainingData data, TrainingReporter reporter, Action? throwIfCancelled)
    {
        (_engine, _model, _options, _data, _reporter, _throwIfCancelled) = (engine, model, options, data, reporter, throwIfCancelled);
        _objective = Objective.Of(model.Task);
        (_planner, _batches) = Plan(data.Training);
        int stepsPerEpoch = (_planner.BatchesPerEpoch + options.GradientAccumulation - 1) / options.GradientAccumulation;
        _steps = checked(options.SettledEpochs * stepsPerEpoch);
        _curve = new LearningRateCurve(options.Optimizer, _steps);
        _rareTokens = new RareTokenDropout(data.Training, options.RareTokenDropout, model.SeparatorKey);
        bool isKept = options.Checkpoints is not null || options.ResumeFrom is not null;
        _identity = RunIdentity.Of(engine.Name, model, options, isKept ? data.InitialWeights : [], data.Training, data.Validation);
        if (options.Checkpoints is not null) _checkpoints = new CheckpointStore(options.Checkpoints, options.ResumeFrom);
    }

    /// <summary>The completed epochs.</summary>
    public IReadOnlyList<EpochMetrics> History => _position.History;

    /// <summary>Wall time, with that before a resumed checkpoint.</summary>
    public TimeSpan Elapsed => TimeSpan.FromSeconds(_resumedSeconds) + _clock.Elapsed;

    /// <summary>The epoch, from 1, whose weights are the result.</summary>
    public int ChosenEpoch => _bestWeights.Count > 0 ? BestEpoch : _position.Epoch;

    /// <summary>Why training ended, once it has.</summary>
    public TrainingStopReason StopReason { get; private set; }

    private int BestEpoch => History.Last(epoch => epoch.IsBest).Epoch;

    private bool IsExhausted => _options.Patience > 0 && _data.Validation is not null && History.Count > 0
        && _position.Epoch - BestEpoch >= _options.Patience;

    /// <summary>The weights of <see cref="ChosenEpoch"/>.</summary>
    public IReadOnlyList<WeightTensor> ChosenWeights() => _bestWeights.Count > 0 ? _bestWeights : _engine.GetWeights();

    /// <summary>Goes to the checkpoint that the options name, if there is one.</summary>
    public void Resume(Action<string>? log)
    {
        if (_options.ResumeFrom is null) return;
        if (CheckpointStore.Find(_options.ResumeFrom, log) is not var (checkpoint, path))
        {
            log?.Invoke($"ResumeFrom = {_options.ResumeFrom} has no checkpoint yet: training starts from the beginning.");
            return;
        }
        _identity.RequireSame(checkpoint.Identity, path);
        _engine.SetWeights(checkpoint.Weights);
        _engine.SetOptimizerState(checkpoint.Optimizer);
        _position = checkpoint.Position;
        _bestWeights = checkpoint.Best;
        _resumedSeconds = checkpoint.Position.ElapsedSeconds;
        log?.Invoke(FormattableString.Invariant($"Resumed from {path}: step {_position.Step} of {_steps}."));
    }

    /// <summary>Trains until the last epoch, until validation has not improved for the options' patience, or until it is to stop.</summary>
    public void RunEpochs()
    {
        _reporter.Start(_position, _steps, _identity);
        var start = _position;
        try
        {
            while (_position.Epoch < _options.SettledEpochs && !IsExhausted && !(IsAskedToStop() && _position.Batch == 0))
            {
                if (!RunEpoch()) break;
                CompleteEpoch();
            }
            StopReason = _position.Epoch >= _options.SettledEpochs ? TrainingStopReason.Epochs : IsExhausted ? TrainingStopReason.Patience : _asked!.Value;
            TellWhyStopped();
            if (_checkpoints is not null && _position != start) WriteLastCheckpoint();
            if (_position.Batch > 0) CompleteEpoch();      // after the checkpoint, from which the epoch can go on
        }
        catch (OperationCanceledException) when (_options.Checkpoints?.OnCancel == true)
        {
            WriteCheckpoint("Cancelled");
            throw;
        }
        _reporter.Note("end", FormattableString.Invariant($"Trained in {Elapsed.TotalSeconds:F1} s; the weights are those of epoch {ChosenEpoch}{(History[ChosenEpoch - 1].IsCutShort ? ", which was cut short" : "")}."));
    }

    /// <summary>Whether training is to end after this step, before its time: at least one step is made.</summary>
    private bool IsAskedToStop()
    {
        if (_position.Step == 0) return false;
        _asked ??= _options.StopToken.IsCancellationRequested || _reporter.IsStopAsked ? TrainingStopReason.Stop : Elapsed >= _options.MaxDuration ? TrainingStopReason.MaxDuration : null;
        return _asked is not null;
    }

    private void TellWhyStopped()
    {
        string where = FormattableString.Invariant($"after step {_position.Step} of {_steps}, {(_position.Batch > 0 ? "in" : "after")} epoch {(_position.Batch > 0 ? _position.Epoch + 1 : _position.Epoch)} of {_options.SettledEpochs}");
        if (StopReason == TrainingStopReason.Patience) _reporter.Note("stopped", FormattableString.Invariant($"Stopped early: no better validation result for {_options.Patience} epochs."));
        if (StopReason == TrainingStopReason.MaxDuration) _reporter.Note("stopped", $"Stopped early: the time of MaxDuration is over {where}.");
        if (StopReason == TrainingStopReason.Stop) _reporter.Note("stopped", $"Stopped early: asked for {where}.");
    }

    /// <summary>How rows are put into batches, and what makes these.</summary>
    private (BatchPlanner Planner, BatchBuilder Batches) Plan(TokenDataset rows) =>
        (new BatchPlanner([.. Enumerable.Range(0, rows.Count).Select(rows.Length)], _options.BatchSize, _options.SeedOrDefault), new BatchBuilder(rows, _model, _data.ClassWeights));

    /// <summary>Trains on the rest of the epoch.</summary>
    /// <returns>Whether all of its batches are done.</returns>
    private bool RunEpoch()
    {
        if (_data.OfEpoch is { } rows) (_planner, _batches) = Plan(rows(_position.Epoch));
        var batches = _planner.Epoch(_position.Epoch);
        while (_position.Batch < batches.Count && !IsAskedToStop())
        {
            int count = Math.Min(_options.GradientAccumulation, batches.Count - _position.Batch);
            RunStep([.. batches.Skip(_position.Batch).Take(count)]);
            if (_checkpoints?.IsDue(_position.Step) == true) WriteCheckpoint("Saved");
        }
        return _position.Batch >= batches.Count;
    }

    private void RunStep(ArraySegment<int>[] plan)
    {
        long started = Stopwatch.GetTimestamp();
        var batches = new TokenBatch[plan.Length];
        for (int i = 0; i < plan.Length; i++)
        {
            batches[i] = _batches.Build(plan[i]);
            _rareTokens.Apply(batches[i], SeedOf("tokens", i));
        }
        double weight = batches.Sum(_objective.Weight);
        float scale = weight > 0 ? (float)(1 / weight) : 0;
        double loss = 0.0;
        for (int i = 0; i < batches.Length; i++)
        {
            ThrowIfCancelled();
            double batchLoss = _engine.Accumulate(batches[i], scale, SeedOf("dropout", i));
            RequireFinite("loss", batchLoss, plan[i]);
            loss += batchLoss;
        }
        double rate = _curve.At(_position.Step);
        RequireFinite("gradients' norm", _engine.Step(rate), plan[^1]);

        long tokens = batches.Sum(batch => batch.Lengths.Sum(length => (long)length));
        var sums = new EpochSums
        {
            Loss = loss,
            Weight = weight,
            Tokens = tokens,
            Positions = batches.Sum(batch => (long)batch.Tokens.Length),
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
        };
        _position = _position with
        {
            Batch = _position.Batch + plan.Length,
            Step = _position.Step + 1,
            LearningRate = rate,
            Sums = _position.Sums + sums,
            ElapsedSeconds = Elapsed.TotalSeconds,
        };
        _reporter.Step(_position, tokens);
    }

    /// <summary>The seed of a purpose in one batch of the running step.</summary>
    private ulong SeedOf(string purpose, int batch) => SplitMix64.Seed(_options.SeedOrDefault, purpose, (long)_position.Step * _options.GradientAccumulation + batch);

    private void CompleteEpoch()
    {
        ThrowIfCancelled();
        long started = Stopwatch.GetTimestamp();
        var validation = _data.Validation is null ? null : DatasetScorer.Evaluate(_engine, _data.Validation, _model, _data.Names.Labels);
        var metrics = new EpochMetrics
        {
            Epoch = _position.Epoch + 1,
            IsCutShort = _position.Batch < _planner.BatchesPerEpoch,
            Step = _position.Step,
            TrainingLoss = _position.Sums.MeanLoss,
            ValidationLoss = validation?.Loss,
            ValidationAccuracy = validation?.Accuracy,
            ValidationMacroF1 = validation?.MacroF1,
            ValidationMicroF1 = validation?.MicroF1,
            ValidationEntityF1 = validation?.EntityF1,
            ValidationRSquared = validation?.RSquared,
            ValidationPerplexity = validation?.Perplexity,
            LearningRate = _position.LearningRate,
            IsBest = validation is not null && IsBest(validation),
            PaddingFraction = _position.Sums.PaddingFraction,
            Duration = TimeSpan.FromSeconds(_position.Sums.Seconds) + Stopwatch.GetElapsedTime(started),
        };
        if (metrics.IsBest && _options.RestoreBest) _bestWeights = _engine.GetWeights(_bestWeights);
        _position = _position with
        {
            Epoch = metrics.Epoch,
            Batch = 0,
            Sums = new EpochSums(),
            History = [.. History, metrics],
            ElapsedSeconds = Elapsed.TotalSeconds,
        };
        _reporter.Epoch(_position, metrics);
    }

    private bool IsBest(SequenceEvaluation validation) =>
        History.All(epoch => validation.Score > epoch.ValidationScore
            || (validation.Score == epoch.ValidationScore && validation.Loss < epoch.ValidationLoss));

    private void WriteCheckpoint(string why)
    {
        var position = _position with { ElapsedSeconds = Elapsed.TotalSeconds };
        _checkpoints!.Write(new TrainingCheckpoint(_identity, position, _engine.GetWeights(), _engine.GetOptimizerState(), _bestWeights) { Names = _data.Names });
        _reporter.Note("checkpoint", FormattableString.Invariant($"{why}: a checkpoint after step {_position.Step}, in {_options.Checkpoints!.Directory}."));
    }

    // What was trained must not be lost because its last state cannot be saved.
    private void WriteLastCheckpoint()
    {
        try
        {
            WriteCheckpoint("Finished");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _reporter.Note("error", $"The finished state cannot be saved in {_options.Checkpoints!.Directory}: {error.Message}");
        }
    }

    private void ThrowIfCancelled()
    {
        _options.CancellationToken.ThrowIfCancellationRequested();
        if (_throwIfCancelled is null || _clock.Elapsed - _lastCancellationCheck < CancellationInterval) return;
        _lastCancellationCheck = _clock.Elapsed;
        _throwIfCancelled();
    }

    private void RequireFinite(string quantity, double value, ArraySegment<int> rows)
    {
        if (double.IsFinite(value)) return;
        var error = new TrainingDivergedException(quantity, value, _position.Step + 1, _position.Epoch + 1, [.. rows.Select(row => _data.OriginalRows[row])]);
        _reporter.Note("error", error.Message);
        throw error;
    }
}

/// <summary>The rows of a run.</summary>
/// <param name="Training">The rows trained on.</param>
/// <param name="OriginalRows">The row, among those given to the trainer, that each training row is.</param>
/// <param name="Validation">The rows validated on; null for none.</param>
/// <param name="ClassWeights">Weight of each class in the loss; empty means 1 for all.</param>
internal sealed record TrainingData(TokenDataset Training, int[] OriginalRows, TokenDataset? Validation, IReadOnlyList<float> ClassWeights)
{
    /// <summary>The rows of an epoch in place of <see cref="Training"/>; null for always the same.</summary>
    public Func<int, TokenDataset>? OfEpoch { get; init; }

    /// <summary>The weights given to begin with.</summary>
    public IReadOnlyList<WeightTensor> InitialWeights { get; init; } = [];

    /// <summary>What the rows of the embedding and of the head stand for.</summary>
    public RowNames Names { get; init; } = RowNames.Unknown;
}
