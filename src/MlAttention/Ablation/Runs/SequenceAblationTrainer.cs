using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Architecture;
using MlAttention.Data;
using MlAttention.Engines.Torch;
using MlAttention.Pipeline;
using MlAttention.Training;

namespace MlAttention.Ablation.Runs;

/// <summary>
/// Trains and tests with the pipeline's own parts: the Classifier estimator, its transformer, and ML.NET's Evaluate.
/// Test texts are also read shuffled and backwards.
/// </summary>
internal sealed class SequenceAblationTrainer(MLContext context, AblationPlan plan, AblationData data) : IAblationTrainer
{
    /// <inheritdoc/>
    public AblationRun Train(AblationSetup setup, int seed, IProgress<EpochRecord> epochs, CancellationToken cancellation)
    {
        var (training, dev) = SplitOffDev(setup, seed);
        var classifier = Classifier(setup, seed, epochs, cancellation).Fit(View(training), View(dev));
        var trained = classifier.Model.Training!;
        return Test(classifier, new AblationRun
        {
            Setup = setup,
            Seed = seed,
            Engine = trained.EngineName,
            Parameters = trained.ParameterCount,
            TrainingSeconds = trained.Duration.TotalSeconds,
            Epochs = [.. trained.History.Select(Record)],
            BestEpoch = trained.ChosenEpoch,
            TruncatedTexts = data.Training.TruncatedRows + data.Test.TruncatedRows,
            Attention = ShowsAttention(setup, seed) ? [.. AttentionTexts().Select(row => Attention(classifier.Model, row))] : [],
        });
    }

    private AttentionClassifierEstimator Classifier(AblationSetup setup, int seed, IProgress<EpochRecord> epochs, CancellationToken cancellation) =>
        context.Attention().Classifier(new AttentionClassifierOptions(plan.ModelOf(setup))
        {
            TokensColumnName = TokenTable.Tokens,
            LabelColumnName = TokenTable.Label,
            Training = new()
            {
                Compute = new() { Engine = plan.Engine },
                Epochs = plan.Epochs,
                Patience = plan.Patience,
                BatchSize = plan.BatchSize,
                Optimizer = new() { LearningRate = plan.LearningRate, WeightDecay = 0.01 },
                LabelSmoothing = 0,
                RareTokenDropout = 0,
                Seed = seed,
                Progress = new EpochRelay(epochs),
                CancellationToken = cancellation,
            },
        });

    private AblationRun Test(AttentionClassifierTransformer classifier, AblationRun run)
    {
        var tested = classifier.Transform(View(data.Test));
        var logits = new LogitReader(classifier.Model.Scorer, classifier.Model.Architecture);
        float[] inOrder = logits.Read(data.Test);
        float[][] shuffled = [.. Enumerable.Range(1, plan.ShuffleSeeds).Select(shuffle => logits.Read(TokenOrder.Shuffled(data.Test, shuffle)))];
        return run with
        {
            Predictions = [.. tested.GetColumn<uint>(classifier.ColumnNames.PredictedLabel).Select(key => (int)key - 1)],
            LogLoss = context.MulticlassClassification.Evaluate(tested, TokenTable.Label).LogLoss,
            ShuffledPredictions = [.. shuffled.Select(ofTexts => LogitReader.Predictions(ofTexts, data.Test.ClassCount))],
            ReversedPredictions = LogitReader.Predictions(logits.Read(TokenOrder.Reversed(data.Test)), data.Test.ClassCount),
            LargestLogitChange = shuffled.Max(ofTexts => LogitReader.LargestChange(inOrder, ofTexts)),
        };
    }

    private bool ShowsAttention(AblationSetup setup, int seed) =>
        setup is { Encoder: EncoderKind.Attention, ShuffledTraining: false, ClipDistance: null } && setup.Mask == plan.Masks[0] && seed == plan.Seeds[0] && LibTorch.IsAvailable;

    private IEnumerable<int> AttentionTexts() => Enumerable.Range(0, data.Test.Count).Where(row => data.Test.Length(row) > 0).Take(plan.AttentionTexts);

    private AttentionPattern Attention(AttentionClassifierModel model, int row)
    {
        var batch = new BatchBuilder(data.Test, model.Architecture, model.Architecture.Truncation, []).Build([row]);
        return AttentionReader.Read(model, batch.Tokens, data.Vocabulary);
    }

    private IDataView View(TokenDataset texts) => TokenTable.Of(context, texts, data.Classes);

    // The split depends on the seed alone, so that all variants of a seed train on the same texts.
    private (TokenDataset Training, TokenDataset Dev) SplitOffDev(AblationSetup setup, int seed)
    {
        var (trainingRows, devRows) = data.TrainingGroups is null
            ? ValidationSplit.Of(data.Training, plan.DevFraction, seed)
            : GroupedSplit.Of(data.TrainingGroups, plan.DevFraction, seed);
        if (devRows.Length == 0) throw new ArgumentException(FormattableString.Invariant($"{data.Training.Count} training texts are too few to set a share of {plan.DevFraction} apart for early stopping."));
        var texts = setup.ShuffledTraining ? TokenOrder.Shuffled(data.Training, seed) : data.Training;
        return (texts.Select(trainingRows), texts.Select(devRows));
    }

    private static EpochRecord Record(EpochMetrics epoch) => new(epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy);

    private sealed class EpochRelay(IProgress<EpochRecord> epochs) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.CompletedEpoch is { } epoch) epochs.Report(Record(epoch));
        }
    }
}
