using MlAttention.Core.Sequences;
using MlAttention.Core.Training;

namespace MlAttention.Tests.Training;

public class SequenceTrainerTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 8, Heads = 2 };
    private static readonly TrainingOptions Options = new() { Optimizer = new() { LearningRate = 0.05 }, Epochs = 6, BatchSize = 16 };

    [Fact]
    public void Train_Keywords_LearnsThem()
    {
        var trained = Train(Options with { Epochs = 15 }, KeywordRows.Create(400), out _);

        Assert.True(trained.History[^1].ValidationAccuracy > 0.9);
        Assert.True(trained.History[^1].TrainingLoss < trained.History[0].TrainingLoss);
        Assert.Equal(400, trained.TrainingRows + trained.ValidationRows);
        Assert.Equal(KeywordRows.Vocabulary + 2, trained.EmbeddingRows);
    }

    [Fact]
    public void Train_SameSeed_GivesTheSameWeights()
    {
        var dataset = KeywordRows.Create(200);

        var first = Train(Options, dataset, out _).Weights[0].Values;

        Assert.Equal(first, Train(Options, dataset, out _).Weights[0].Values);
        Assert.NotEqual(first, Train(Options with { Seed = 2 }, dataset, out _).Weights[0].Values);
    }

    [Fact]
    public void Train_VariantsOfOneSeed_SeeTheSameRowsInTheSameOrder()
    {
        var dataset = KeywordRows.Create(200);

        Train(Options, dataset, out var mean);
        Train(Options, dataset, out var rotary, Model with { Positions = PositionScheme.Rotary, Pooling = PoolingKind.Cls });

        Assert.Equal(mean.Trained.Select(batch => batch.Labels), rotary.Trained.Select(batch => batch.Labels));
        Assert.NotEqual(mean.Trained[0].Labels, mean.Trained[12].Labels);
    }

    [Fact]
    public void Train_ValidationRowsNoMultipleOfTheBatch_ReportsTheAccuracyOfAllRows()
    {
        var validation = KeywordRows.Create(67, seed: 9);

        var trained = Train(Options with { Epochs = 1, Optimizer = new() { LearningRate = 0.01 } }, KeywordRows.Create(200), out var engine, validation: validation);

        var logits = new float[KeywordRows.Classes];
        var right = Enumerable.Range(0, 67).Count(row =>
        {
            engine.Score(new BatchBuilder(validation, Model, []).Build([row]), logits);
            return Array.IndexOf(logits, logits.Max()) == validation.Labels[row];
        });
        Assert.Equal(right / 67.0, trained.History[0].ValidationAccuracy);
        Assert.InRange(right, 1, 66);
    }

    [Fact]
    public void Train_ValidationGetsWorse_StopsAndRestoresTheBestEpoch()
    {
        var options = Options with { Epochs = 50, Patience = 3, Optimizer = new() { LearningRate = 0.5, Schedule = LearningRateSchedule.Constant } };
        var validation = Mislabelled(40);

        var trained = Train(options, KeywordRows.Create(100), out var engine, validation: validation);

        Assert.Equal(trained.ChosenEpoch + 3, trained.History.Count);
        Assert.True(trained.History.Count < 50);
        Assert.Equal(trained.ChosenEpoch, trained.History.Last(epoch => epoch.IsBest).Epoch);
        Assert.NotEqual(engine.GetWeights()[0].Values, trained.Weights[0].Values);
        engine.SetWeights(trained.Weights);
        Assert.Equal(trained.History[trained.ChosenEpoch - 1].ValidationAccuracy, DatasetScorer.Evaluate(engine, validation, Model).Accuracy);
    }

    [Fact]
    public void Train_WithoutRestoreBest_KeepsTheLastWeights()
    {
        var options = Options with { Epochs = 9, Patience = 0, RestoreBest = false };

        var trained = Train(options, KeywordRows.Create(100), out var engine, validation: Mislabelled(40));

        Assert.Equal(9, trained.ChosenEpoch);
        Assert.Equal(9, trained.History.Count);
        Assert.Equal(engine.GetWeights()[0].Values, trained.Weights[0].Values);
    }

    [Fact]
    public void Train_GradientAccumulation_StepsOnceForItsBatches()
    {
        var model = Model with { Dropout = 0 };
        var options = Options with { ValidationFraction = 0, Epochs = 2, Optimizer = Options.Optimizer with { Kind = OptimizerKind.Sgd } };
        var dataset = EqualLengths(96);

        var small = Train(options with { BatchSize = 8, GradientAccumulation = 2 }, dataset, out var smallEngine, model);

        Assert.Equal(24, smallEngine.Trained.Count);
        Assert.Equal(12, smallEngine.Rates.Count);
        Assert.All(smallEngine.Scales, scale => Assert.Equal(1f / 16, scale));
        Assert.Equal(12, small.History[^1].Step);
        Assert.Distinct(smallEngine.DropoutSeeds);
    }

    [Fact]
    public void Train_RareTokenDropout_ShowsTheUnknownTokenInTrainingOnly()
    {
        var options = Options with { ValidationFraction = 0, Epochs = 2, RareTokenDropout = 20 };
        var dataset = KeywordRows.Create(100);

        Train(options, dataset, out var engine);
        Train(options with { RareTokenDropout = 0 }, dataset, out var without);

        var unknown = KeywordRows.Vocabulary + 1;
        Assert.Contains(engine.Trained, batch => batch.Tokens.Contains(unknown));
        Assert.DoesNotContain(without.Trained, batch => batch.Tokens.Contains(unknown));
        Assert.DoesNotContain(unknown, dataset.Tokens);
        Assert.NotEqual(Unknowns(engine.Trained.Take(7)), Unknowns(engine.Trained.Skip(7)));

        IEnumerable<int> Unknowns(IEnumerable<TokenBatch> batches) => batches.Select(batch => batch.Tokens.Count(token => token == unknown));
    }

    [Fact]
    public void Train_ClassWeights_ScaleByTheirSum()
    {
        var options = Options with { ValidationFraction = 0, Epochs = 1, BatchSize = 100, ClassWeights = [1, 0, 3] };

        Train(options, KeywordRows.Create(50), out var engine);

        var batch = engine.Trained.Single();
        Assert.Equal(batch.Labels.Select(label => options.ClassWeights[label]), batch.RowWeights);
        Assert.Equal(1 / batch.RowWeights.Sum(), engine.Scales.Single(), 1e-6f);
    }

    [Fact]
    public void Train_NaNLoss_NamesStepRowsAndAdvice()
    {
        var dataset = KeywordRows.Create(40);
        var options = Options with { BatchSize = 8, ValidationFraction = 0 };

        var error = Assert.Throws<TrainingDivergedException>(() => Train(options, dataset, out _, lossOf: batch => batch == 2 ? double.NaN : null));

        Assert.Equal(3, error.Step);
        Assert.Equal(8, error.Rows.Count);
        Assert.Contains("loss became NaN in step 3 (epoch 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Lower LearningRate", error.Message, StringComparison.Ordinal);
        Assert.All(error.Rows, row => Assert.InRange(row, 0, 39));
    }

    [Fact]
    public void Train_Cancelled_StopsWithinOneBatchAndDisposesTheEngine()
    {
        using var source = new CancellationTokenSource();
        BagEngine? engine = null;
        var trainer = new SequenceTrainer(Model, Options with { CancellationToken = source.Token }, SequenceEngines.Factory)
        {
            CreateEngine = configuration => engine = new BagEngine(configuration) { BeforeBatch = batch => { if (batch == 4) source.Cancel(); } },
        };

        Assert.Throws<OperationCanceledException>(() => trainer.Train(KeywordRows.Create(400)));

        Assert.Equal(5, engine!.Trained.Count);
        Assert.True(engine.IsDisposed);
    }

    [Fact]
    public void Train_CancelledByTheHost_Stops()
    {
        var trainer = new SequenceTrainer(Model, Options with { Epochs = 100_000 }, SequenceEngines.Factory, throwIfCancelled: () => throw new OperationCanceledException("host"))
        {
            CreateEngine = configuration => new BagEngine(configuration),
        };

        Assert.Equal("host", Assert.Throws<OperationCanceledException>(() => trainer.Train(KeywordRows.Create(400))).Message);
    }

    [Fact]
    public void Train_Progress_ReportsEachEpochAndAJsonLine()
    {
        var log = Path.GetTempFileName();
        var events = new List<TrainingProgress>();
        try
        {
            var trained = Train(Options with { LogPath = log, Progress = new Sink(events) }, KeywordRows.Create(100), out _);

            var epochs = events.Where(progress => progress.CompletedEpoch is not null).ToArray();
            Assert.Equal(trained.History, epochs.Select(progress => progress.CompletedEpoch));
            Assert.Equal(TimeSpan.Zero, epochs[^1].Remaining);
            Assert.Equal(epochs[^1].Steps, epochs[^1].Step);
            Assert.True(epochs[^1].TokensPerSecond > 0);
            var lines = File.ReadAllLines(log);
            Assert.Equal(6, lines.Count(line => line.StartsWith("{\"event\":\"epoch\"", StringComparison.Ordinal)));
            Assert.All(lines, line => System.Text.Json.JsonDocument.Parse(line).Dispose());
        }
        finally
        {
            File.Delete(log);
        }
    }

    [Fact]
    public void Train_TooLongRows_AreCountedAndReported()
    {
        var lines = new List<string>();
        var trainer = new SequenceTrainer(Model with { MaxLength = 5 }, Options, SequenceEngines.Factory, lines.Add) { CreateEngine = configuration => new BagEngine(configuration) };
        var dataset = KeywordRows.Create(100);

        var trained = trainer.Train(dataset);

        var lengths = Enumerable.Range(0, 100).Select(dataset.Length).ToArray();
        Assert.Equal(lengths.Count(length => length > 5), trained.TruncatedRows);
        Assert.Equal(lengths.Sum(length => Math.Max(0, length - 5)), trained.TruncatedTokens);
        Assert.Contains(lines, line => line.StartsWith("Truncated: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_FewRows_SaysThatNothingIsHeldOut()
    {
        var lines = new List<string>();
        var builder = new TokenDatasetBuilder(5, 2, 9, TruncationSide.KeepStart);
        builder.Add([1], 0);
        builder.Add([2], 1);
        var trainer = new SequenceTrainer(Model, Options, SequenceEngines.Factory, lines.Add) { CreateEngine = configuration => new BagEngine(configuration) };

        var trained = trainer.Train(builder.Build());

        Assert.Equal(2, trained.TrainingRows);
        Assert.All(trained.History, epoch => Assert.False(epoch.IsBest));
        Assert.Equal(trained.History.Count, trained.ChosenEpoch);
        Assert.Contains(lines, line => line.StartsWith("No validation: 2 rows are too few", StringComparison.Ordinal));
    }

    [Fact]
    public void Train_NothingToLearn_SaysWhy()
    {
        var oneClass = new TokenDatasetBuilder(5, 1, 9, TruncationSide.KeepStart);
        oneClass.Add([1], 0);
        var empty = new TokenDatasetBuilder(5, 2, 9, TruncationSide.KeepStart) { SkippedRows = 4 };

        Assert.Contains("1 class", Assert.Throws<ArgumentException>(() => Train(Options, oneClass.Build(), out _)).Message, StringComparison.Ordinal);
        Assert.Contains("all 4 rows lack a label", Assert.Throws<ArgumentException>(() => Train(Options, empty.Build(), out _)).Message, StringComparison.Ordinal);
    }

    private static TrainedSequenceModel Train(TrainingOptions options, TokenDataset dataset, out BagEngine engine, SequenceModelOptions? model = null, TokenDataset? validation = null, Func<int, double?>? lossOf = null)
    {
        BagEngine? made = null;
        var trainer = new SequenceTrainer(model ?? Model, options, SequenceEngines.Factory) { CreateEngine = configuration => made = new BagEngine(configuration) { LossOf = lossOf } };
        try
        {
            return trainer.Train(dataset, validation);
        }
        finally
        {
            engine = made!;
        }
    }

    /// <summary>Keyword rows under the next class's label: the better the model, the worse it does.</summary>
    private static TokenDataset Mislabelled(int rows)
    {
        var dataset = KeywordRows.Create(rows, seed: 7);
        var labels = dataset.Labels.Select(label => (label + 1) % KeywordRows.Classes).ToArray();
        return new TokenDataset(dataset.VocabularySize, dataset.ClassCount, dataset.Tokens, dataset.Offsets, labels, []);
    }

    private static TokenDataset EqualLengths(int rows)
    {
        var builder = new TokenDatasetBuilder(KeywordRows.Vocabulary, KeywordRows.Classes, 9, TruncationSide.KeepStart);
        for (var row = 0; row < rows; row++) builder.Add([row % 29 + 1, row % 7 + 1], row % 3);
        return builder.Build();
    }

    private sealed class Sink(List<TrainingProgress> events) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => events.Add(value);
    }
}
