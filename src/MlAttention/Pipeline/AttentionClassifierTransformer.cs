using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MlAttention.Pipeline.Classification;
using MlAttention.Pipeline.Persistence;
using MlAttention.Pipeline.Rows;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline;

/// <summary>A trained classifier: adds the predicted label and the probability of each class.</summary>
public sealed class AttentionClassifierTransformer : SequenceTransformer, ISingleFeaturePredictionTransformer<AttentionClassifierModel>
{
    internal const string Component = "Classifier";

    private readonly ClassifierColumnNames _columns;

    internal AttentionClassifierTransformer(IHost? host, ClassifierColumnNames columns, AttentionClassifierModel model)
        : base(host, model.Architecture.MaxLength)
    {
        _columns = columns;
        Model = model;
    }

    /// <summary>The trained classifier.</summary>
    public AttentionClassifierModel Model { get; }

    /// <summary>The column with the sequence.</summary>
    public string FeatureColumnName => _columns.Tokens;

    /// <summary>PermutationFeatureImportance asks here. It permutes numbers, and would give an empty result for a vector of keys without a fixed length.</summary>
    /// <exception cref="NotSupportedException">Always; the message says what to do instead.</exception>
    string ISingleFeaturePredictionTransformer<AttentionClassifierModel>.FeatureColumnName => throw new NotSupportedException(
        $"PermutationFeatureImportance permutes the numbers of a vector of Single, and the classifier's column '{FeatureColumnName}' holds keys. Give it a trainer over the features of mlContext.Attention().EncodeSequence(classifier), as docs/PIPELINES.md shows.");

    /// <summary>A variable vector of the vocabulary's keys.</summary>
    public DataViewType FeatureColumnType => new VectorDataViewType(new KeyDataViewType(typeof(uint), Model.VocabularySize));

    /// <summary>What the classes stand for, or null when nothing says so.</summary>
    internal KeyValues? Labels => Model.Labels;

    internal override string ComponentName => Component;

    internal override IReadOnlyList<string> InputColumnNames => [_columns.Tokens];

    internal ClassifierColumnNames ColumnNames => _columns;

    internal override DataViewSchema.DetachedColumn[] GetOutputColumns(DataViewSchema input)
    {
        Model.Vocabulary.Check(input, _columns.Tokens);
        return ClassifierColumns.Make(_columns.PredictedLabel, _columns.Score, Model.ClassCount, Model.Labels, input.NextScoreColumnSetId());
    }

    internal override BatchMapper CreateMapper(int batchSize) => new ClassifierMapper(Model, FeatureColumnName, batchSize);

    internal override void WriteState(StateWriter writer)
    {
        writer.Write(_columns.Tokens);
        writer.Write(_columns.PredictedLabel);
        writer.Write(_columns.Score);
        ModelState.Write(writer, Model);
        KeyValues.Write(writer, Model.Labels);
    }

    internal static AttentionClassifierTransformer Read(StateReader reader)
    {
        var columns = new ClassifierColumnNames(reader.ReadString(), reader.ReadString(), reader.ReadString());
        var model = ModelState.Read(reader);
        return new AttentionClassifierTransformer(null, columns, model.WithLabels(KeyValues.Read(reader, "label values", model.ClassCount)));
    }
}
