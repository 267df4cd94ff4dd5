using System.Text.Json.Serialization;
using MlAttention.Classification;

namespace MlAttention;

/// <summary>The columns, the architecture and the training of a sequence classifier.</summary>
public sealed record AttentionClassifierOptions : SequenceModelOptions
{
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
    /// The encoder whose weights the classifier starts from. Its tokenizer makes the sequences, and what its weights are made for
    /// stays as it is; the head, the pooling, the longest text, dropout and the mask may be chosen.
    /// </summary>
    /// <value>Default null: all weights start from the seed.</value>
    [JsonIgnore]
    public PretrainedEncoder? Pretrained { get; init; }

    /// <summary>The column with the label, a key.</summary>
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

    /// <summary>The column with the predicted label, a key.</summary>
    /// <value>Default "PredictedLabel".</value>
    public string PredictedLabelColumnName { get; init; } = "PredictedLabel";

    /// <summary>The column with the probability of each class.</summary>
    /// <value>Default "Score".</value>
    public string ScoreColumnName { get; init; } = "Score";

    /// <summary>How the classifier is trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    private protected override void Validate(OptionErrors errors)
    {
        base.Validate(errors);
        ModelLimits.Require(errors, this);
        RequireName(errors, nameof(LabelColumnName), LabelColumnName);
        RequireName(errors, nameof(TokensColumnName), TokensColumnName);
        RequireName(errors, nameof(PredictedLabelColumnName), PredictedLabelColumnName);
        RequireName(errors, nameof(ScoreColumnName), ScoreColumnName);
        errors.Require(ExampleWeightColumnName is not "", nameof(ExampleWeightColumnName), ExampleWeightColumnName, "must be a column's name or null");
        errors.Require(SamplingKeyColumnName is not "", nameof(SamplingKeyColumnName), SamplingKeyColumnName, "must be a column's name or null");
        errors.Require(ScoreColumnName != PredictedLabelColumnName, nameof(ScoreColumnName), ScoreColumnName, "must differ from PredictedLabelColumnName");
        Training.Validate(errors);
        errors.Require(Training.FrozenLayers <= Layers || Layers < 1, nameof(TrainingOptions.FrozenLayers), Training.FrozenLayers, $"must be at most {Layers}, the layers of the encoder");
        if (Pretrained is { } encoder) PretrainedStart.Require(errors, this, encoder);
    }

    private static void RequireName(OptionErrors errors, string option, string name) => errors.Require(!string.IsNullOrEmpty(name), option, name, "must be a column's name");
}

/// <summary>What a classifier needs of its input columns.</summary>
internal sealed record ClassifierInputs(ColumnRequirement Tokens, ColumnRequirement Label, ColumnRequirement? ExampleWeight, ColumnRequirement? SamplingKey)
{
    /// <summary>The columns that have to be there.</summary>
    public IReadOnlyList<ColumnRequirement> All => [.. new[] { Tokens, Label, ExampleWeight, SamplingKey }.OfType<ColumnRequirement>()];

    public static ClassifierInputs Of(AttentionClassifierOptions options) => new(
        ColumnRequirement.Sequence("tokens", options.TokensColumnName),
        ColumnRequirement.Key("label", options.LabelColumnName),
        options.ExampleWeightColumnName is { } weight ? ColumnRequirement.Number("example weight", weight) : null,
        options.SamplingKeyColumnName is { } key ? ColumnRequirement.Group("sampling key", key) : null);
}
