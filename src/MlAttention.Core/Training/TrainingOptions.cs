using System.Text.Json.Serialization;

namespace MlAttention;

/// <summary>How a sequence classifier is trained. The defaults train a few thousand short texts well without tuning.</summary>
public sealed record TrainingOptions
{
    /// <summary>The default of <see cref="Epochs"/>.</summary>
    public const int DefaultEpochs = 40;

    /// <summary>What <see cref="Epochs"/> are when none are given: enough for so many optimizer steps, but neither fewer nor more than these.</summary>
    private const int WantedSteps = 500, FewestEpochs = 4, MostEpochs = 8;

    private const double DefaultLabelSmoothing = 0.1;

    /// <summary>
    /// What a pretrained encoder is trained on with: few epochs at a low rate, which rises, then falls in a line; the head, which starts
    /// from nothing, learns faster.
    /// </summary>
    public static TrainingOptions FineTuning { get; } = new()
    {
        Epochs = null,
        BatchSize = 32,
        Patience = 3,
        LabelSmoothing = 0,
        RareTokenDropout = 0,
        Optimizer = new() { LearningRate = 2e-4, HeadRate = 10, Schedule = LearningRateSchedule.Linear, WarmupFraction = 0.1, WeightDecay = 0.01 },
    };

    /// <summary>
    /// What an encoder is pre-trained with on one's own texts: more epochs than fine-tuning at a higher rate, which rises, then falls in a line; all
    /// epochs are made, since perplexity falls until the rate does.
    /// </summary>
    public static TrainingOptions Pretraining { get; } = new()
    {
        Epochs = 20,
        BatchSize = 32,
        Patience = 0,
        LabelSmoothing = 0,
        RareTokenDropout = 0,
        Optimizer = new() { LearningRate = 1e-3, Schedule = LearningRateSchedule.Linear, WarmupFraction = 0.1, WeightDecay = 0.01 },
    };

    /// <summary>What runs the model, and where.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>Passes over the training rows, at most; the learning rate falls over all of them, and easy tasks stop sooner.</summary>
    /// <value>
    /// At least 1; default 40. Null, as in <see cref="FineTuning"/>, for as many as a pretrained encoder needs: 4, or up to 8 where 4 are fewer than 500
    /// steps of the optimizer; in batches of 32 that is 4 from 4,000 training rows on, and 8 below 2,000.
    /// </value>
    public int? Epochs { get; init; } = DefaultEpochs;

    /// <summary>Rows in a batch.</summary>
    /// <value>At least 1 row; default 16.</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches whose gradients are summed for one optimizer step; rows a step = BatchSize x GradientAccumulation.</summary>
    /// <value>At least 1; default 1.</value>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>How gradients change weights.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>
    /// The part of a label's probability that is spread evenly over all classes (Szegedy et al. 2016); of several labels, over yes and no of
    /// each.
    /// </summary>
    /// <value>From 0 to below 1; default 0.1. A number has no label, so a regression does without.</value>
    public double LabelSmoothing { get; init; } = DefaultLabelSmoothing;

    /// <summary>
    /// How often rare tokens of the training rows are shown as the unknown token, so that texts with new words are understood: a
    /// token that occurs c times with probability RareTokenDropout / (c + RareTokenDropout) (Kiperwasser and Goldberg 2016).
    /// </summary>
    /// <value>0 for never, or more; default 0.25.</value>
    public double RareTokenDropout { get; init; } = 0.25;

    /// <summary>
    /// A safetensors file whose weights, by their names, stand in place of the initial ones: pretrained embeddings, or a whole model
    /// to go on from. Weights that it lacks start from the seed. A file that a classifier saved tells which token and which label each row
    /// of the embedding and of the head stands for: rows are matched by that, and the log says how many were taken over, are new, and were
    /// dropped. Rows of a file that does not tell are taken by their places. A checkpoint, or a directory of them whose newest one is taken,
    /// gives the weights of its best epoch.
    /// </summary>
    /// <value>Default null: all start from the seed.</value>
    public string? InitialWeightsPath { get; init; }

    /// <summary>
    /// Whether the token embeddings stay as they start, in a tied head too. A classifier has nothing to tie them to: no other matrix of it
    /// has the vocabulary's size.
    /// </summary>
    /// <value>Default false.</value>
    public bool FreezeEmbeddings { get; init; }

    /// <summary>
    /// How many of the first layers of the encoder stay as they start, and with them all that comes before: token, position and type
    /// embeddings and their norm. They need no backward pass, which saves its time and memory.
    /// </summary>
    /// <value>From 0 for none to the encoder's number of layers; default 0.</value>
    public int FrozenLayers { get; init; }

    /// <summary>Weight of each class in the loss, in the order of the label's keys; null weighs all classes equally.</summary>
    /// <value>One number of 0 or more for each class; default null.</value>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Weighs each class by rows / (classes x rows of the class), so that rare classes count as much as frequent ones.</summary>
    /// <value>Default false; cannot be combined with <see cref="ClassWeights"/>, and needs one label for each row, as those do.</value>
    public bool BalanceClasses { get; init; }

    /// <summary>The part of the rows held out to choose the best epoch when no validation set is given.</summary>
    /// <value>From 0 (no validation) to below 1; default 0.1.</value>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Epochs without a better <see cref="EpochMetrics.ValidationScore"/>, which is the accuracy of one label a row (or, at the same score, loss) after which training stops.</summary>
    /// <value>0 for never, or more; default 20: less would stop before the falling learning rate has had its effect.</value>
    public int Patience { get; init; } = 20;

    /// <summary>Whether the weights of the best validated epoch are taken instead of the last ones.</summary>
    /// <value>Default true.</value>
    public bool RestoreBest { get; init; } = true;

    /// <summary>
    /// Initial weights, validation split, shuffles and dropout follow from this number alone. The same seed, machine and
    /// number of threads give identical weights.
    /// </summary>
    /// <value>
    /// Default null: an estimator draws it once from its MLContext when it is made, so that MLContext(seed: 1) repeats a program's
    /// runs and MLContext() does not. A run that continues from a checkpoint takes the checkpoint's; another number is an error.
    /// </value>
    public int? Seed { get; init; }

    /// <summary>The seed, where no estimator has drawn one.</summary>
    internal int SeedOrDefault => Seed ?? 1;

    /// <summary>The epochs, once they are settled.</summary>
    internal int SettledEpochs => Epochs ?? throw new InvalidOperationException("How many epochs there are is settled when the rows are known.");

    /// <summary>The options with as many epochs as so many training rows need, where none are given.</summary>
    internal TrainingOptions Settle(int rows)
    {
        if (Epochs is not null) return this;
        double steps = Math.Ceiling((double)rows / BatchSize / GradientAccumulation);
        return this with { Epochs = (int)Math.Clamp(Math.Ceiling(WantedSteps / steps), FewestEpochs, MostEpochs) };
    }

    /// <summary>What an engine needs to know of a run.</summary>
    internal EngineConfiguration Configure(SequenceModelOptions model, int embeddingRows, int classes) => new(model, embeddingRows, classes)
    {
        Seed = SeedOrDefault,
        Compute = Compute,
        Optimizer = Optimizer,
        LabelSmoothing = LabelSmoothing,
        FreezeEmbeddings = FreezeEmbeddings,
        FrozenLayers = FrozenLayers,
    };

    /// <summary>
    /// Longest wall time of training, from its first step; reading and tokenizing come before. Training ends with the first step after it,
    /// and the best epoch's weights are taken, as with <see cref="Patience"/>: an epoch that is cut short is validated and counts as one.
    /// The learning rate falls over all <see cref="Epochs"/>, whatever the time, so choose as many as the time allows.
    /// </summary>
    /// <value>
    /// More than 0; default null: no limit. The time before a resumed checkpoint counts. It is no part of what a run is: a run that was ended
    /// by it goes on where it stood, bit for bit, when it is resumed with more.
    /// </value>
    [JsonIgnore]
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>When the whole state is saved, and where.</summary>
    /// <value>Default null: never.</value>
    public CheckpointOptions? Checkpoints { get; init; }

    /// <summary>
    /// A checkpoint file, or a directory of them whose newest one is taken, from which training continues bit for bit.
    /// A directory without checkpoints starts from the beginning, so that one command can be repeated until it is done.
    /// </summary>
    /// <value>Default null: start from the beginning.</value>
    public string? ResumeFrom { get; init; }

    /// <summary>A file to which each event is appended as one line of JSON.</summary>
    /// <value>Default null: none.</value>
    public string? LogPath { get; init; }

    /// <summary>Receives progress a few times a second and at the end of every epoch, on the training thread.</summary>
    /// <value>Default null.</value>
    [JsonIgnore]
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Breaks training off within one batch with an <see cref="OperationCanceledException"/>; there is no model. To end it with one, see <see cref="StopToken"/>.</summary>
    [JsonIgnore]
    public CancellationToken CancellationToken { get; init; }

    /// <summary>
    /// Ends training after the running step, and keeps the best: the result is a model, as with <see cref="MaxDuration"/>. From within
    /// <see cref="Progress"/>, <see cref="TrainingProgress.Stop"/> does the same.
    /// </summary>
    [JsonIgnore]
    public CancellationToken StopToken { get; init; }

    /// <summary>Checks all values.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists every such value.</exception>
    public void Validate()
    {
        var errors = new OptionErrors(nameof(TrainingOptions));
        Validate(errors);
        errors.ThrowIfAny();
    }

    /// <summary>Requires that nothing was asked for that a task has no place for.</summary>
    internal void RequireFit(OptionErrors errors, TaskKind task)
    {
        if (!Enum.IsDefined(task)) return;
        var objective = Objective.Of(task);
        errors.Require(objective.HasClassWeights || !BalanceClasses, nameof(BalanceClasses), BalanceClasses, $"goes with one label for each row, not with {task}");
        errors.Require(objective.HasClassWeights || ClassWeights is null, nameof(ClassWeights), $"{ClassWeights?.Count} weights", $"go with one label for each row, not with {task}");
        errors.Require(objective.HasLabels || LabelSmoothing is 0 or DefaultLabelSmoothing, nameof(LabelSmoothing), LabelSmoothing, $"has no labels to smooth: {task} gives numbers; leave it out");
    }

    internal void Validate(OptionErrors errors)
    {
        Compute.Validate(errors);
        errors.Require(Epochs is null or >= 1, nameof(Epochs), Epochs, "must be at least 1");
        errors.Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "must be at least 1 row");
        errors.Require(GradientAccumulation >= 1, nameof(GradientAccumulation), GradientAccumulation, "must be at least 1");
        Optimizer.Validate(errors);
        errors.Require(LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "must be from 0 to below 1");
        errors.Require(FrozenLayers >= 0, nameof(FrozenLayers), FrozenLayers, "must be 0 or more layers");
        errors.Require(RareTokenDropout >= 0 && double.IsFinite(RareTokenDropout), nameof(RareTokenDropout), RareTokenDropout, "must be 0 or more");
        errors.Require(ClassWeights?.All(weight => weight >= 0 && float.IsFinite(weight)) ?? true, nameof(ClassWeights),
            ClassWeights is null ? null : $"[{string.Join(", ", ClassWeights)}]", "must be 0 or more for each class");
        errors.Require(!BalanceClasses || ClassWeights is null, nameof(BalanceClasses), BalanceClasses, "cannot be combined with ClassWeights");
        errors.Require(ValidationFraction is >= 0 and < 1, nameof(ValidationFraction), ValidationFraction, "must be from 0 to below 1");
        errors.Require(Patience >= 0, nameof(Patience), Patience, "must be 0 or more epochs");
        errors.Require(MaxDuration is null || MaxDuration > TimeSpan.Zero, nameof(MaxDuration), MaxDuration, "must be more than 0");
        Checkpoints?.Validate(errors);
    }
}
