using MlAttention.Ablation.Studies;
using MlAttention.Data;
using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Engines.Torch;
using MlAttention.Training;
using MlAttention.Weights;

namespace MlAttention.Ablation.Runs;

/// <summary>Trains sequence classifiers on tokenised texts, and tests them in order, shuffled and backwards.</summary>
internal sealed class SequenceAblationTrainer(AblationPlan plan, AblationData data, Action<string>? log = null) : IAblationTrainer
{
    /// <summary>Makes the engine that trains; tests put their own here.</summary>
    internal Func<EngineConfiguration, ISequenceEngine>? CreateEngine { get; init; }

    /// <summary>Makes the scorer that tests.</summary>
    internal Func<EngineConfiguration, IReadOnlyList<WeightTensor>, ISequenceScorer> CreateScorer { get; init; } = (configuration, weights) => EngineFactory.CreateScorer(configuration, weights);

    /// <inheritdoc/>
    public AblationRun Train(AblationSetup setup, int seed, IProgress<EpochRecord> epochs, CancellationToken cancellation)
    {
        var model = plan.ModelOf(setup);
        var options = TrainingOptionsOf(seed, epochs, cancellation);
        var (training, dev) = SplitOffDev(setup, seed);
        var trainer = CreateEngine is null ? new SequenceTrainer(model, options, log) : new SequenceTrainer(model, options, log) { CreateEngine = CreateEngine };
        var trained = trainer.Train(training, dev);
        var configuration = new EngineConfiguration(model, trained.EmbeddingRows, trained.ClassCount, options);
        var reader = new LogitReader(CreateScorer(configuration, trained.Weights), model);
        return Test(reader, new AblationRun
        {
            Setup = setup,
            Seed = seed,
            Engine = trained.EngineName,
            Parameters = trained.ParameterCount,
            TrainingSeconds = trained.Duration.TotalSeconds,
            Epochs = [.. trained.History.Select(Record)],
            BestEpoch = trained.ChosenEpoch,
            TruncatedTexts = trained.TruncatedRows + data.Test.TruncatedRows,
            Attention = ShowsAttention(setup, seed) ? [.. AttentionTexts().Select(row => Attention(trained, row))] : [],
        });
    }

    // Stand-in engines of tests have no weights to show.
    private bool ShowsAttention(AblationSetup setup, int seed) =>
        CreateEngine is null && setup is { Encoder: EncoderKind.Attention, ShuffledTraining: false } && setup.Mask == plan.Masks[0] && seed == plan.Seeds[0] && TorchSharpProvider.IsAvailable;

    private IEnumerable<int> AttentionTexts() => Enumerable.Range(0, data.Test.Count).Where(row => data.Test.Length(row) > 0).Take(plan.AttentionTexts);

    private AttentionPattern Attention(TrainedSequenceModel trained, int row)
    {
        var batch = new BatchBuilder(data.Test, trained.Model, TruncationSide.KeepStart, []).Build([row]);
        return AttentionReader.Read(trained.Model, trained.Weights, trained.EmbeddingRows, trained.ClassCount, batch.Tokens, [.. batch.Tokens.Select(TokenName)]);
    }

    private string TokenName(int token) =>
        token <= data.Vocabulary.Count ? data.Vocabulary[token - 1] : token == data.Vocabulary.Count + 1 ? "[unknown]" : "[CLS]";

    private AblationRun Test(LogitReader reader, AblationRun run)
    {
        int classes = data.Test.ClassCount;
        float[] inOrder = reader.Read(data.Test);
        double largestChange = 0;
        var shuffled = new List<int[]>();
        for (int shuffle = 1; shuffle <= plan.ShuffleSeeds; shuffle++)
        {
            float[] logits = reader.Read(TokenOrder.Shuffled(data.Test, shuffle));
            largestChange = Math.Max(largestChange, LogitReader.LargestChange(inOrder, logits));
            shuffled.Add(LogitReader.Predictions(logits, classes));
        }
        return run with
        {
            Predictions = LogitReader.Predictions(inOrder, classes),
            ShuffledPredictions = shuffled,
            ReversedPredictions = LogitReader.Predictions(reader.Read(TokenOrder.Reversed(data.Test)), classes),
            LogLoss = LogitReader.LogLoss(inOrder, data.Test.Labels, classes),
            LargestLogitChange = largestChange,
        };
    }

    // The split depends on the seed alone, so that all variants of a seed train on the same texts.
    private (TokenDataset Training, TokenDataset Dev) SplitOffDev(AblationSetup setup, int seed)
    {
        var (trainingRows, devRows) = data.TrainingGroups is null
            ? ValidationSplit.Of(data.Training, plan.DevFraction, seed)
            : GroupedSplit.Of(data.TrainingGroups, plan.DevFraction, seed);
        if (devRows.Length == 0) throw new ArgumentException($"{data.Training.Count} training texts are too few to set a share of {plan.DevFraction} apart for early stopping.");
        var texts = setup.ShuffledTraining ? TokenOrder.Shuffled(data.Training, seed) : data.Training;
        return (texts.Select(trainingRows), texts.Select(devRows));
    }

    private TrainingOptions TrainingOptionsOf(int seed, IProgress<EpochRecord> epochs, CancellationToken cancellation) => new()
    {
        Engine = plan.Engine,
        Epochs = plan.Epochs,
        Patience = plan.Patience,
        BatchSize = plan.BatchSize,
        LearningRate = plan.LearningRate,
        Seed = seed,
        Progress = new EpochRelay(epochs),
        CancellationToken = cancellation,
    };

    private static EpochRecord Record(EpochMetrics epoch) => new(epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy);

    private sealed class EpochRelay(IProgress<EpochRecord> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is { } epoch) epochs.Report(Record(epoch));
        }
    }
}
