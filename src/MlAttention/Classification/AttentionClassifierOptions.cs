using System.Text.Json.Serialization;
using MlAttention.Classification;

namespace MlAttention;

/// <summary>The columns, the architecture and the training of a sequence classifier.</summary>
public sealed record AttentionClassifierOptions : SequenceModelOptions
{
    internal const double DefaultThreshold = 0.5;
    private const string DefaultProbabilityColumn = "Probability";

    /// <summary>The default columns, architecture and training.</summary>
    public AttentionClassifierOptions() { }

    /// <summary>The default columns and training for an architecture.</summary>
    /// <param name="architecture">The architecture.</param>
    public AttentionClassifierOptions(SequenceModelOptions architecture) : base(architecture) { }

    /// <summary>
    /// The default columns, for fine-tuning a pretrained encoder: its architecture, texts of at most 128 tokens, and the training of
    /// <see cref="TrainingOptions.FineTuning"/>.
    /// </summary>
    /// <param name="encoder">The encoder to start from.</param>
    public AttentionClassifierOptions(PretrainedEncoder encoder)
        : base((encoder ?? throw new ArgumentNullException(nameof(encoder))).Architecture)
    {
        Pretrained = encoder;
        MaxLength = Math.Min(new SequenceModelOptions().MaxLength, MaxLength);
        Training = TrainingOptions.FineTuning;
    }

    /// <summary>
    /// The default columns, for training a fitted classifier on: its architecture, and the training that suits its kind, which is that of
    /// <see cref="TrainingOptions.FineTuning"/> for one that was fine-tuned from a pretrained encoder.
    /// </summary>
    /// <param name="model">The classifier to go on from.</param>
    public AttentionClassifierOptions(AttentionClassifierModel model)
        : base((model ?? throw new ArgumentNullException(nameof(model))).Architecture)
    {
        ContinueFrom = model;
        if (model.ModelType is not null) Training = TrainingOptions.FineTuning;
    }

    /// <summary>
    /// The fitted classifier whose weights the classifier starts from: rows of the embedding and of the head are matched by token and by
    /// label, those of new ones start from the seed, and the log says how many. Its architecture stays as it is; dropout, gradient
    /// checkpointing and how texts are cut may be chosen, and their greatest length unless positions are learned.
    /// </summary>
    /// <value>Default null: all weights start from the seed.</value>
    [JsonIgnore]
    public AttentionClassifierModel? ContinueFrom { get; init; }

    /// <summary>
    /// The encoder whose weights the classifier starts from. Its tokenizer makes the sequences, and what its weights are made for
    /// stays as it is; the head, the pooling, the longest text, dropout and the mask may be chosen.
    /// </summary>
    /// <value>Default null: all weights start from the seed.</value>
    [JsonIgnore]
    public PretrainedEncoder? Pretrained { get; init; }

    /// <summary>
    /// The column with what is to be predicted: a key; with <see cref="TaskKind.MultiLabel"/> a vector of keys; with
    /// <see cref="TaskKind.TokenLabels"/> a vector of keys, one for each token, or each word where <see cref="WordStartsColumnName"/> is given,
    /// 0 for those that have none; with <see cref="TaskKind.Regression"/> a Single.
    /// </summary>
    /// <value>Default "Label".</value>
    public string LabelColumnName { get; init; } = "Label";

    /// <summary>The column with the sequence, a vector of keys.</summary>
    /// <value>Default "Tokens".</value>
    public string TokensColumnName { get; init; } = "Tokens";

    /// <summary>The column with each row's weight in the loss, a number of 0 or more; null weighs all rows equally.</summary>
    /// <value>Default null.</value>
    public string? ExampleWeightColumnName { get; init; }

    /// <summary>
    /// The column that tells which rows belong together, a text, a key or a Single: rows of equal value stay together when rows are
    /// held out for validation, as with samplingKeyColumnName of TrainTestSplit. Null lets every row stand alone.
    /// </summary>
    /// <value>Default null.</value>
    public string? SamplingKeyColumnName { get; init; }

    /// <summary>The column with the predicted label, a key, or with the predicted labels, a vector of keys; a regression has none.</summary>
    /// <value>Default "PredictedLabel".</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The column with the probability of each class, of a regression with the number.</summary>
    /// <value>Default "Score".</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>
    /// Whether a classifier of two classes has the columns of ML.NET's binary trainers, which BinaryClassification.Evaluate reads: PredictedLabel a
    /// Boolean, Score the log odds, Probability the probability of the positive class. Positive is true of a Boolean label, and of a key its
    /// second value, as in Evaluate.
    /// </summary>
    /// <value>Default false: the columns of any number of classes.</value>
    public bool BinaryColumns { get; init; }

    /// <summary>With <see cref="BinaryColumns"/>, the column with the probability of the positive class.</summary>
    /// <value>Default "Probability".</value>
    public string ProbabilityColumnName { get; init; } = DefaultProbabilityColumn;

    /// <summary>The probability from which on a label of several, or the positive one of two with <see cref="BinaryColumns"/>, is predicted.</summary>
    /// <value>From 0 to 1; default 0.5. <see cref="AttentionClassifierTransformer.WithThreshold"/> changes it after training.</value>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>Other thresholds for some of several labels, by what the labels are called.</summary>
    /// <value>From 0 to 1; default null: <see cref="Threshold"/> for all.</value>
    public IReadOnlyDictionary<string, double>? LabelThresholds { get; init; }

    /// <summary>With <see cref="TaskKind.TokenLabels"/>, the column that TokenizeWords makes, which tells where words begin among the tokens: labels are those of words then.</summary>
    /// <value>Default null: each token has a label.</value>
    public string? WordStartsColumnName { get; init; }

    /// <summary>How the classifier is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    private protected override void Validate(OptionErrors errors)
    {
        if (Task.PredictsTokens)
        {
            errors.Require(false, nameof(Task), Task, "is what an encoder or a generator is trained on; a classifier predicts labels or numbers");
            return;
        }
        base.Validate(errors);
        ModelLimits.Require(errors, this);
        RequireName(errors, nameof(LabelColumnName), LabelColumnName);
        RequireName(errors, nameof(TokensColumnName), TokensColumnName);
        RequireName(errors, nameof(PredictedLabelColumnName), PredictedLabelColumnName);
        RequireName(errors, nameof(ScoreColumnName), ScoreColumnName);
        errors.Require(ExampleWeightColumnName is not "", nameof(ExampleWeightColumnName), ExampleWeightColumnName, "must be a column's name or null");
        errors.Require(SamplingKeyColumnName is not "", nameof(SamplingKeyColumnName), SamplingKeyColumnName, "must be a column's name or null");
        RequireName(errors, nameof(ProbabilityColumnName), ProbabilityColumnName);
        RequireTask(errors);
        errors.Require(ScoreColumnName != PredictedLabelColumnName, nameof(ScoreColumnName), ScoreColumnName, "must differ from PredictedLabelColumnName");
        Training.Validate(errors);
        Training.RequireFit(errors, Task);
        errors.Require(Training.FrozenLayers <= Layers || Layers < 1, nameof(TrainingOptions.FrozenLayers), Training.FrozenLayers, $"must be at most {Layers}, the layers of the encoder");
        if (Pretrained is { } encoder) PretrainedStart.Require(errors, this, encoder);
        if (ContinueFrom is { } model) ContinuedStart.Require(errors, this, model);
    }

    private void RequireTask(OptionErrors errors)
    {
        errors.Require(!BinaryColumns || Task == TaskKind.SingleLabel, nameof(BinaryColumns), BinaryColumns, $"goes with one label for each row, not with {Task}");
        errors.Require(!BinaryColumns || (ProbabilityColumnName != ScoreColumnName && ProbabilityColumnName != PredictedLabelColumnName), nameof(ProbabilityColumnName), ProbabilityColumnName, "must differ from the other columns' names");
        ClassifierSettings.Require(errors, Threshold, LabelThresholds);
        errors.Require(Threshold == DefaultThreshold || BinaryColumns || Task == TaskKind.MultiLabel, nameof(Threshold), Threshold, "goes with BinaryColumns or several labels; the most probable one of many labels has no threshold");
        errors.Require(LabelThresholds is null || Task == TaskKind.MultiLabel, nameof(LabelThresholds), $"{LabelThresholds?.Count} thresholds", $"go with several labels, not with {Task}");
        errors.Require(WordStartsColumnName is not "", nameof(WordStartsColumnName), WordStartsColumnName, "must be a column's name or null");
        errors.Require(WordStartsColumnName is null || Task == TaskKind.TokenLabels, nameof(WordStartsColumnName), WordStartsColumnName, $"goes with labels of tokens, not with {Task}");
    }

    private static void RequireName(OptionErrors errors, string option, string name) => errors.Require(!string.IsNullOrEmpty(name), option, name, "must be a column's name");
}

/// <summary>What a classifier needs of its input columns.</summary>
internal sealed record ClassifierInputs(ColumnRequirement Tokens, ColumnRequirement Label, ColumnRequirement? ExampleWeight, ColumnRequirement? SamplingKey, ColumnRequirement? WordStarts)
{
    /// <summary>The columns that have to be there.</summary>
    public IReadOnlyList<ColumnRequirement> All => [.. new[] { Tokens, Label, ExampleWeight, SamplingKey, WordStarts }.OfType<ColumnRequirement>()];

    public static ClassifierInputs Of(AttentionClassifierOptions options) => new(
        ColumnRequirement.Sequence("tokens", options.TokensColumnName),
        ClassifierOutput.Of(options.Task, ClassifierSettings.Of(options)).Label(options.LabelColumnName),
        options.ExampleWeightColumnName is { } weight ? ColumnRequirement.Number("example weight", weight) : null,
        options.SamplingKeyColumnName is { } key ? ColumnRequirement.Group("sampling key", key) : null,
        options.WordStartsColumnName is { } starts ? ColumnRequirement.WordStarts("word starts", starts) : null);
}
