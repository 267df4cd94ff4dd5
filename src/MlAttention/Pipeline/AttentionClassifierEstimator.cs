using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MlAttention.Pipeline.Classification;
using MlAttention.Encoders;
using MlAttention.Pipeline.Schema;
using MlAttention.Training;

namespace MlAttention.Pipeline;

/// <summary>Trains a sequence classifier: from sequences of keys and a label to class probabilities.</summary>
/// <remarks>Made by <see cref="AttentionCatalog.Classifier(AttentionClassifierOptions)"/>, whose documentation tells the columns.</remarks>
public sealed class AttentionClassifierEstimator : SequenceEstimator<AttentionClassifierTransformer>
{
    private readonly AttentionClassifierOptions _options;
    private readonly ContextCancellation _cancellation;

    internal AttentionClassifierEstimator(IHostEnvironment environment, AttentionClassifierOptions options)
        : base(environment, "AttentionClassifier")
    {
        options.Validate();
        _options = options;
        _cancellation = new ContextCancellation(environment);
        Requirements =
        [
            ColumnRequirement.Sequence("tokens", options.TokensColumnName),
            ColumnRequirement.Key("label", options.LabelColumnName),
            .. options.ExampleWeightColumnName is null ? [] : new[] { ColumnRequirement.Number("example weight", options.ExampleWeightColumnName) },
        ];
    }

    private protected override IReadOnlyList<ColumnRequirement> Requirements { get; }

    private protected override DataViewSchema.DetachedColumn[] ExampleOutputColumns(SchemaShape input) =>
        ClassifierColumns.Make(_options.PredictedLabelColumnName, _options.ScoreColumnName, 2,
            LabelValues.ExampleOf(SchemaShapes.Find(input, _options.LabelColumnName)!.Value), setId: 1);

    private protected override AttentionClassifierTransformer Fit(IDataView input, IChannel channel)
    {
        void Log(string line) => channel.Info(MessageSensitivity.None, line);

        var maxTokens = _options.MaxLength - (_options.Pooling == PoolingKind.Cls ? 1 : 0);
        var dataset = TokenDatasetReader.Read(input, _options.TokensColumnName, _options.LabelColumnName, _options.ExampleWeightColumnName, maxTokens, _options.Training.Truncation);
        if (dataset.SkippedRows > 0)
            channel.Warning(MessageSensitivity.None, string.Create(CultureInfo.InvariantCulture, $"{dataset.SkippedRows} rows have no label and were left out."));

        var trained = new SequenceTrainer(_options, _options.Training, Log, _cancellation.ThrowIfCancelled).Train(dataset);
        var model = new AttentionClassifierModel(_options, dataset.VocabularySize, dataset.ClassCount, _options.Training.Truncation, trained.Weights, trained.History);
        var columns = new ClassifierColumnNames(_options.TokensColumnName, _options.PredictedLabelColumnName, _options.ScoreColumnName);
        return new AttentionClassifierTransformer(Host, columns, model, LabelValues.Of(input.Schema[_options.LabelColumnName]));
    }
}
