using MlAttention.Core.Sequences;
using MlAttention.Core.Training;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Training;

/// <summary>Runs that end before their time and give a model: when asked to, and when their time is over. An epoch is 12 batches, a step 2.</summary>
public class StoppedRunTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 8, Heads = 2 };
    private static readonly TrainingOptions Options = new() { Optimizer = new() { LearningRate = 0.05 }, Epochs = 4, BatchSize = 16, GradientAccumulation = 2, Patience = 0 };
    private static readonly TimeSpan Instant = TimeSpan.FromTicks(1);

    [Fact]
    public void Train_StoppedWithinTheFirstEpoch_ValidatesWhatThereIsAndKeepsIt()
    {
        var validation = KeywordRows.Create(67, seed: 9);
        var (trained, engine, log) = StoppedAt(batch: 5, Options, validation);

        var epoch = Assert.Single(trained.History);
        Assert.Equal((1, 3, true, true, TrainingStopReason.Stop), (epoch.Epoch, epoch.Step, epoch.IsCutShort, epoch.IsBest, trained.StopReason));
        Assert.Equal(DatasetScorer.Evaluate(engine, validation, Model).Accuracy, epoch.ValidationAccuracy);
        Assert.Equal(engine.GetWeights()[0].Values, trained.Weights[0].Values);
        Assert.Contains("Stopped early: asked for after step 3 of 28, in epoch 1 of 4.", log);
        Assert.Contains(log, line => line.StartsWith("Epoch 1/4: ", StringComparison.Ordinal) && line.EndsWith("; cut short.", StringComparison.Ordinal));
        Assert.EndsWith("; the weights are those of epoch 1, which was cut short.", log[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Train_StoppedLater_KeepsTheBestEpochAndNotTheLastStep()
    {
        var validation = KeywordRows.Create(67, seed: 9, mislabelled: true);      // the more is learned, the worse

        var (trained, engine, log) = StoppedAt(batch: 13 * 2 + 3, Options, validation);

        Assert.Equal(3, trained.History.Count);
        Assert.Equal(trained.History.Last(epoch => epoch.IsBest).Epoch, trained.ChosenEpoch);
        Assert.InRange(trained.ChosenEpoch, 1, 2);
        engine.SetWeights(trained.Weights);
        Assert.Equal(trained.History.Max(epoch => epoch.ValidationAccuracy), DatasetScorer.Evaluate(engine, validation, Model).Accuracy);
        Assert.Contains("Stopped early: asked for after step 16 of 28, in epoch 3 of 4.", log);
    }

    [Fact]
    public void Train_StopFromProgress_EndsAfterTheEpochThatWasReported()
    {
        var lines = new List<string>();
        var watcher = new Watcher(progress => { if (progress.CompletedEpoch?.Epoch == 2) progress.Stop(); });

        var trained = Trainer(Options with { Progress = watcher }, log: lines.Add).Train(KeywordRows.Create(200));

        Assert.Equal((2, false, TrainingStopReason.Stop), (trained.History.Count, trained.History[^1].IsCutShort, trained.StopReason));
        Assert.Contains(lines, line => line.StartsWith("Stopped early: asked for after step 12 of 24, after epoch 2 of 4.", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_TimeIsOver_EndsAfterOneStepAndSaysSo()
    {
        var lines = new List<string>();

        var trained = Trainer(Options with { MaxDuration = Instant, ValidationFraction = 0 }, log: lines.Add).Train(KeywordRows.Create(200));

        Assert.Equal((1, true, null, TrainingStopReason.MaxDuration), (trained.History[^1].Step, trained.History[^1].IsCutShort, trained.History[^1].ValidationAccuracy, trained.StopReason));
        Assert.Contains(lines, line => line.StartsWith("Stopped early: the time of MaxDuration is over after step 1 of ", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_TimeToSpare_ChangesNothing()
    {
        var whole = Trainer(Options).Train(KeywordRows.Create(200));

        var trained = Trainer(Options with { MaxDuration = TimeSpan.FromDays(1) }).Train(KeywordRows.Create(200));

        Assert.Equal(whole.Weights[0].Values, trained.Weights[0].Values);
        Assert.Equal((TrainingStopReason.Epochs, TrainingStopReason.Epochs), (whole.StopReason, trained.StopReason));
        Assert.DoesNotContain(trained.History, epoch => epoch.IsCutShort);
    }

    /// <summary>Within an epoch, at its end, and in the first step.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(17)]
    public void Resume_StoppedRun_GoesOnBitForBit(int stoppedAt)
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(200);
        var whole = Trainer(Options).Train(dataset);
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySeconds = 3600 } };
        using var stop = new CancellationTokenSource();
        var stopped = Trainer(options with { StopToken = stop.Token }, batch => { if (batch == stoppedAt) stop.Cancel(); }).Train(dataset);

        var again = Trainer(options with { ResumeFrom = folder.Path, MaxDuration = Instant }, _ => Assert.Fail("trained again")).Train(dataset);
        var resumed = Trainer(options with { ResumeFrom = folder.Path, MaxDuration = TimeSpan.FromDays(1) }).Train(dataset);

        Assert.Equal(stopped.Weights[0].Values, again.Weights[0].Values);
        Assert.Equal(TrainingStopReason.MaxDuration, again.StopReason);
        Assert.Equal(whole.Weights[0].Values, resumed.Weights[0].Values);
        Assert.Equal(whole.History.Select(epoch => (epoch.Epoch, epoch.Step, epoch.TrainingLoss, epoch.ValidationLoss, epoch.IsCutShort)), resumed.History.Select(epoch => (epoch.Epoch, epoch.Step, epoch.TrainingLoss, epoch.ValidationLoss, epoch.IsCutShort)));
    }

    [Fact]
    public void Resume_TimeBeforeTheCheckpoint_Counts()
    {
        using var folder = new TemporaryFolder();
        var dataset = KeywordRows.Create(200);
        var options = Options with { Checkpoints = new CheckpointOptions { Directory = folder.Path, EverySteps = 5, EverySeconds = 0, Keep = 100 } };
        Trainer(options).Train(dataset);
        string file = Directory.GetFiles(folder.Path).Order().First();
        var checkpoint = TrainingCheckpoint.Read(file);
        (checkpoint with { Position = checkpoint.Position with { ElapsedSeconds = 7200 } }).Write(file);

        var trained = Trainer(options with { ResumeFrom = file, MaxDuration = TimeSpan.FromHours(2) }, _ => Assert.Fail("trained again")).Train(dataset);

        Assert.Equal((TrainingStopReason.MaxDuration, 5), (trained.StopReason, trained.History[^1].Step));
    }

    [Fact]
    public void Progress_MaxDuration_BoundsWhatRemains()
    {
        var remaining = new List<TimeSpan>();
        var limit = TimeSpan.FromHours(3);

        Trainer(Options with { Epochs = 1_000_000, MaxDuration = limit, Progress = new Watcher(progress => { remaining.Add(progress.Remaining); progress.Stop(); }) }).Train(KeywordRows.Create(200));

        Assert.All(remaining, time => Assert.InRange(time, TimeSpan.Zero, limit));
    }

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Train_EitherEngine_EndsWithAModel(EngineKind engine)
    {
        var trained = new SequenceTrainer(Model with { Layers = 1, FeedForwardWidth = 8 }, Options with { MaxDuration = Instant, Compute = new() { Engine = engine, Threads = 1 } }, SequenceEngines.Factory).Train(KeywordRows.Create(64));

        Assert.Equal((engine.ToString(), 1, TrainingStopReason.MaxDuration), (trained.EngineName, trained.History[0].Step, trained.StopReason));
        Assert.NotNull(trained.History[0].ValidationAccuracy);
    }

    private static (TrainedSequenceModel Trained, BagEngine Engine, List<string> Log) StoppedAt(int batch, TrainingOptions options, TokenDataset validation)
    {
        using var stop = new CancellationTokenSource();
        BagEngine? engine = null;
        var log = new List<string>();
        var trainer = new SequenceTrainer(Model, options with { StopToken = stop.Token }, SequenceEngines.Factory, log.Add)
        {
            CreateEngine = configuration => engine = new BagEngine(configuration) { BeforeBatch = number => { if (number == batch) stop.Cancel(); } },
        };
        return (trainer.Train(KeywordRows.Create(200), validation), engine!, log);
    }

    private static SequenceTrainer Trainer(TrainingOptions options, Action<int>? beforeBatch = null, Action<string>? log = null) =>
        new(Model, options, SequenceEngines.Factory, log) { CreateEngine = configuration => new BagEngine(configuration) { BeforeBatch = beforeBatch } };

    private sealed class Watcher(Action<TrainingProgress> seen) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => seen(value);
    }
}
