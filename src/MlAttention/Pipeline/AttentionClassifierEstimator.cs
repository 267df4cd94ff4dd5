using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Data;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Schema;
using MlAttention.Training;
using MlAttention.Training.Checkpoints;

namespace MlAttention.Pipeline;

/// <summary>Trains a sequence classifier: from sequences of keys and a label to class probabilities.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.Classifier(AttentionClassifierOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class AttentionClassifierEstimator : SequenceEstimator<AttentionClassifierTransformer>
{
    private readonly AttentionClassifierOptions _options;
    private readonly int _contextSeed;
    private readonly ContextCancellation _cancellation;

    internal AttentionClassifierEstimator(IHostEnvironment environment, AttentionClassifierOptions options)
        : base(environment, "AttentionClassifier")
    {
        options.Validate();
        _options = options;
        _contextSeed = Host.Rand.Next();
        _cancellation = new ContextCancellation(environment);
        Requirements = ClassifierInputs.Of(options).All;
    }

    private protected override IReadOnlyList<ColumnRequirement> Requirements { get; }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        ClassifierColumns.Make(_options.PredictedLabelColumnName, _options.ScoreColumnName, 2,
            KeyValues.ExampleOf(SchemaShapes.Find(input, _options.LabelColumnName)!.Value), setId: 1);

    /// <summary>Fits a classifier whose best epoch is chosen on rows of one's own, instead of rows held out of the training data.</summary>
    /// <param name="trainData">The training data.</param>
    /// <param name="validationData">The rows that choose the epoch and stop training early; the same columns, keys and vocabulary as the training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing, or has another type or other keys; the message names it.</exception>
    public AttentionClassifierTransformer Fit(IDataView trainData, IDataView validationData)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        GetOutputSchema(SchemaShapes.Of(trainData.Schema));
        GetOutputSchema(SchemaShapes.Of(validationData.Schema));
        using var channel = Host.Start("Fit");
        return Fit(trainData, validationData, channel);
    }

    private protected override AttentionClassifierTransformer Fit(IDataView input, IChannel channel) => Fit(input, null, channel);

    private AttentionClassifierTransformer Fit(IDataView trainData, IDataView? validationData, IChannel channel)
    {
        var labels = KeyValues.OfLabel(trainData.Schema[_options.LabelColumnName]);
        var vocabulary = FittedVocabulary.Of(trainData.Schema[_options.TokensColumnName], _options.ModelWidth);
        if (validationData is not null) RequireSameKeys(validationData.Schema, vocabulary, labels);
        var dataset = Read(trainData, channel);
        var validation = validationData is null ? null : Read(validationData, channel);
        var training = _options.Training with { Seed = _options.Training.Seed ?? CheckpointSeed(channel) ?? _contextSeed };
        var trainer = new SequenceTrainer(_options, training, SequenceEngines.Factory, line => channel.Info(MessageSensitivity.None, line), _cancellation.ThrowIfCancelled)
        {
            Warn = line => channel.Warning(MessageSensitivity.None, line),
            Names = vocabulary.Names with { Labels = labels?.Formatted },
        };
        var trained = trainer.Train(dataset, validation);
        var model = new AttentionClassifierModel(_options, vocabulary, labels, dataset.ClassCount, trained.Weights, trained);
        var columns = new ClassifierColumnNames(_options.TokensColumnName, _options.PredictedLabelColumnName, _options.ScoreColumnName);
        return new AttentionClassifierTransformer(Host, columns, model);
    }

    /// <summary>The seed of the run that goes on, so that a context without a seed can continue it; null when none does.</summary>
    private int? CheckpointSeed(IChannel channel)
    {
        if (_options.Training.ResumeFrom is not { } path || CheckpointStore.FindSeed(path) is not { } seed) return null;
        channel.Info(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"Seed: {seed}, the checkpoint's."));
        return seed;
    }

    private void RequireSameKeys(DataViewSchema validation, FittedVocabulary vocabulary, KeyValues? labels)
    {
        vocabulary.Check(validation, _options.TokensColumnName);
        if (KeyValues.OfLabel(validation[_options.LabelColumnName]) is { } others) labels?.RequireSame(others, "label", _options.LabelColumnName);
    }

    private TokenDataset Read(IDataView data, IChannel channel)
    {
        var dataset = TokenDatasetReader.Read(data, _options);
        if (dataset.SkippedRows > 0)
            channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"{dataset.SkippedRows} rows have no label and were left out."));
        return dataset;
    }
}
