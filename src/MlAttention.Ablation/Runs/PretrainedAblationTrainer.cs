using Microsoft.ML.Runtime;
using MlAttention.Core.Training;

namespace MlAttention.Ablation.Runs;

/// <summary>
/// Fine-tunes and tests the variants of a pretrained encoder. All variants of a seed have the same dev split, head and batches. The learning
/// rate of a variant is the one with the best dev texts of the first seed, whichever seeds this machine runs; what was tried is stored too.
/// </summary>
internal sealed class PretrainedAblationTrainer(MLContext context, AblationPlan plan, AblationData data, IRunStore store) : IAblationTrainer
{
    private readonly ContextCancellation _cancellation = new(context);
    private readonly PretrainedEncoder _encoder = plan.Pretrained ?? throw new ArgumentException($"The plan is one for the pretrained encoder {plan.PretrainedDetails?.Encoder?.Name}, and that is not here: set {nameof(AblationPlan.Pretrained)} to it.", nameof(plan));
    private readonly PretrainedTester _tester = new(plan, data);

    /// <inheritdoc/>
    public AblationRun Train(AblationSetup setup, int seed, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        var (rate, tried) = ChooseRate(setup, epochs, cancellation);
        // Only the first seed's trials are trainings that the plan asks for anyway.
        var classifier = seed == plan.Seeds[0] && tried is not null ? tried : FineTune(setup, seed, rate, epochs, cancellation);
        return _tester.Test(classifier, RunOf(classifier, setup, seed, rate), cancellation);
    }

    private AblationRun RunOf(TrainedClassifier classifier, AblationSetup setup, int seed, double rate) =>
        classifier.RunOf(setup, seed) with { TruncatedTexts = data.Words!.TruncatedTexts, Pretrained = new() { LearningRate = rate } };

    private (double Rate, TrainedClassifier? Tried) ChooseRate(AblationSetup setup, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        var rates = plan.PretrainedDetails!.LearningRates;
        int seed = plan.Seeds[0];
        if (rates.Count == 1) return (rates[0], null);
        if (store.Find(setup, seed) is { Failure: null, Pretrained.LearningRate: var chosen }) return (chosen, null);
        AblationRun? best = null;
        TrainedClassifier? bestClassifier = null;
        foreach (double rate in rates)
        {
            TrainedClassifier? classifier = null;
            var trial = setup with { TrialRate = rate };
            if (store.Find(trial, seed) is not { } run) store.Save(run = Try(trial, seed, rate, out classifier));
            if (best is not null && !IsBetter(run, best)) continue;
            (best, bestClassifier) = (run, classifier);
        }
        return best!.Failure is null ? (best.Pretrained!.LearningRate, bestClassifier) : throw new InvalidOperationException($"No learning rate could be trained with. {best.Failure}");

        // A rate that is too high may diverge: then it is not the one to take.
        AblationRun Try(AblationSetup trial, int seed, double rate, out TrainedClassifier? classifier)
        {
            classifier = null;
            try
            {
                classifier = FineTune(setup, seed, rate, epochs, cancellation);
                return RunOf(classifier, trial, seed, rate);
            }
            catch (TrainingDivergedException error)
            {
                return new() { Setup = trial, Seed = seed, Failure = error.Message };
            }
        }
    }

    /// <summary>Whether a run's best epoch is better on the dev texts than another's: by accuracy, then by loss.</summary>
    internal static bool IsBetter(AblationRun run, AblationRun other)
    {
        if (run.Failure is not null || other.Failure is not null) return run.Failure is null && other.Failure is not null;
        EpochRecord mine = run.Epochs[run.BestEpoch - 1], theirs = other.Epochs[other.BestEpoch - 1];
        return mine.DevAccuracy > theirs.DevAccuracy || (mine.DevAccuracy == theirs.DevAccuracy && mine.DevLoss < theirs.DevLoss);
    }

    private TrainedClassifier FineTune(AblationSetup setup, int seed, double rate, Action<EpochRecord> epochs, CancellationToken cancellation)
    {
        using var channel = ((IChannelProvider)context).Start("OrderingAblation");
        var (training, dev) = data.SplitOffDev(plan.DevFraction, seed);
        var variant = setup.Pretrained!.Value;
        var arrangement = variant.Arrangement();
        var model = data.ModelOf(plan, setup);
        var pieces = new PieceReader(_encoder, model.MaxLength, plan.OrderedParts);
        var options = plan.TrainingOf(seed, cancellation);
        options = options with { Optimizer = options.Optimizer with { LearningRate = rate }, Progress = new EpochRelay(epochs) };
        var trainer = new SequenceTrainer(model, options, SequenceEngines.Factory, line => channel.Info(MessageSensitivity.None, line), _cancellation.ThrowIfCancelled)
        {
            InitialWeights = PretrainedWeights.Of(variant, _encoder, data.Parts?.ApplyTo(plan.Model) ?? plan.Model, seed),
            EpochData = arrangement.IsRandom() ? epoch => Read(training, OrderDraw.OfEpoch(seed, epoch)) : null,
        };
        return TrainedClassifier.Of(trainer.Train(Read(training, OrderDraw.OfEpoch(seed, 0)), Read(dev, OrderDraw.OfDev(seed))));

        TokenDataset Read(int[] rows, OrderDraw draw) => pieces.Read(data.Words!.Training, data.Training, rows, arrangement, draw);
    }
}
