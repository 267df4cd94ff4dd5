using Microsoft.ML.Runtime;
using MlAttention.Core.Text;
using MlAttention.Torch.Engine;

namespace MlAttention.Ablation.Runs;

/// <summary>
/// Trains and tests the plan's variants, over texts that were read once; a run gives the figures of a pipeline with the Classifier estimator,
/// its transformer and ML.NET's Evaluate. Test texts are also read shuffled and backwards.
/// </summary>
internal sealed class SequenceAblationTrainer(MLContext context, AblationPlan plan, AblationData data) : IAblationTrainer
{
    private const int ExplainedTexts = 120;

    private readonly ContextCancellation _cancellation = new(context);
    private readonly SequenceTokenizer _spelling = new(new() { InputColumnNames = plan.TextColumns }, new Vocabulary(data.Vocabulary));
    private readonly Lazy<DecidingWord?[]> _decidingWords = new(() => DecidingWords.Of(data.Test));

    private int? Separator => data.Parts?.SeparatorKey;

    /// <inheritdoc/>
    public AblationRun Train(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        var (texts, dev) = SplitOffDev(setup, seed);
        using var channel = ((IChannelProvider)context).Start("OrderingAblation");
        var options = plan.TrainingOf(seed, cancellation) with { Progress = new EpochRelay(epochs) };
        var classifier = TrainedClassifier.Train(data.ModelOf(plan, setup), options, texts, dev, line => channel.Info(MessageSensitivity.None, line), _cancellation.ThrowIfCancelled);
        return Test(classifier, classifier.RunOf(setup, seed) with
        {
            TruncatedTexts = data.Training.TruncatedRows + data.Test.TruncatedRows,
            Attention = IsShown(setup, seed) && LibTorch.IsAvailable ? [.. TextsWithTokens().Take(plan.AttentionTexts).Select(row => Attention(classifier, row))] : [],
            Weights = IsShown(setup, seed) ? Weights(classifier) : null,
        });
    }

    private AblationRun Test(TrainedClassifier classifier, AblationRun run)
    {
        var inOrder = classifier.Score(data.Test);
        TextScores[] shuffled = [.. Enumerable.Range(1, plan.ShuffleSeeds).Select(shuffle => classifier.Score(TokenOrder.Shuffled(data.Test, shuffle, Separator, plan.OrderedParts)))];
        return run with
        {
            Predictions = inOrder.Predictions,
            LabelProbabilities = LabelProbabilities.Of(inOrder),
            LogLoss = inOrder.LogLoss,
            ShuffledPredictions = [.. shuffled.Select(scores => scores.Predictions)],
            ReversedPredictions = classifier.Score(TokenOrder.Reversed(data.Test, Separator, plan.OrderedParts)).Predictions,
            LargestLogitChange = shuffled.Max(inOrder.LargestChange),
            Contributions = IsShown(run.Setup, run.Seed) && plan.AttentionTexts > 0 ? Contributions(classifier).Agreement(data.Test, [.. TextsWithTokens().Take(ExplainedTexts)], inOrder.Predictions, _decidingWords.Value) : null,
        };
    }

    private bool IsShown(AblationSetup setup, int seed) =>
        setup is { Encoder: EncoderKind.Attention, ShuffledTraining: false, ClipDistance: null } && setup.Mask == plan.Masks[0] && seed == plan.Seeds[0];

    private byte[]? Weights(TrainedClassifier classifier)
    {
        var model = classifier.Configuration.Model;
        var layout = PlaygroundLimits.Layout(model, data.Training.VocabularySize, data.Training.ClassCount);
        return PlaygroundLimits.ReasonAgainst(model) is null && HalfWeights.BytesOf(layout) <= PlaygroundLimits.MostBytes ? HalfWeights.Of(layout, classifier.Training.Weights) : null;
    }

    private IEnumerable<int> TextsWithTokens() => Enumerable.Range(0, data.Test.Count).Where(row => data.Test.Length(row) > 0);

    private ContributionReader Contributions(TrainedClassifier classifier) => new(classifier.Scorer, classifier.Configuration, data.Vocabulary, new());

    private AttentionPattern Attention(TrainedClassifier classifier, int row)
    {
        var batch = new BatchBuilder(data.Test, classifier.Configuration.Model, []).Build([row]);
        var scores = classifier.Score(data.Test.Select([row]));
        return AttentionReader.Read(classifier.Configuration, classifier.Training.Weights, batch.Tokens, data.Vocabulary) with
        {
            UnknownWords = AttentionReader.UnknownWords(_spelling.Spell(data.TestParts[row]), classifier.Configuration.Model, data.Vocabulary),
            Contributions = Contributions(classifier).Read(batch.Tokens, scores.Predictions[0]),
            Probabilities = scores.Probabilities(0),
            Label = data.Test.Labels[row],
        };
    }

    // The split depends on the seed alone, so that all variants of a seed train on the same texts.
    private (TokenDataset Training, TokenDataset Dev) SplitOffDev(AblationSetup setup, int seed)
    {
        var (trainingRows, devRows) = data.SplitOffDev(plan.DevFraction, seed);
        var texts = setup.ShuffledTraining ? TokenOrder.Shuffled(data.Training, seed, Separator, plan.OrderedParts) : data.Training;
        return (texts.Select(trainingRows), texts.Select(devRows));
    }
}

/// <summary>Tells of the epochs of a training.</summary>
internal sealed class EpochRelay(Action<EpochRecord> epochs) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        if (value.CompletedEpoch is { } epoch) epochs(Record(epoch));
    }

    /// <summary>An epoch as runs are stored with it.</summary>
    public static EpochRecord Record(EpochMetrics epoch) => new(epoch.Epoch, epoch.TrainingLoss, epoch.ValidationLoss, epoch.ValidationAccuracy);
}
