using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>How a classifier's model turns a feature column into PredictedLabel and Score.</summary>
internal sealed record MulticlassScoring(IMulticlassModel Model, string FeatureName, DataViewType FeatureType, LabelValues Labels)
{
    public const string Signature = "MulticlassMaximumEntropy";

    private const string Kind = "MulticlassClassification";

    public static MulticlassPredictionTransformer<MaximumEntropyModelParameters> Load(ModelLoadContext context)
    {
        ModelReader reader = context.Reader;
        string featureName = reader.ReadString();
        DataViewType featureType = reader.ReadType();
        LabelValues labels = LabelValues.Load(reader);
        var model = new MaximumEntropyModelParameters(reader);
        var scoring = new MulticlassScoring(model, featureName, featureType, labels);
        return labels.KeyType.Count == (ulong)scoring.Model.Classes && featureType is VectorDataViewType vector && vector.Size == model.Features
            ? new MulticlassPredictionTransformer<MaximumEntropyModelParameters>(model, scoring)
            : throw reader.Invalid("the model's sizes are not those of its columns");
    }

    public void Save(ModelSaveContext context) => context.Write(Signature, writer =>
    {
        writer.Write(FeatureName);
        writer.Write(FeatureType);
        Labels.Save(writer);
        Model.Save(writer);
    });

    public MappedSchema Bind(DataViewSchema inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        DataViewSchema.Column feature = inputSchema.GetColumnOrNull(FeatureName) ?? throw Guard.ColumnNotFound("feature", FeatureName);
        return feature.Type.Equals(FeatureType)
            ? new MappedSchema(new Mapping(inputSchema, this, feature))
            : throw Guard.SchemaMismatch("feature", FeatureName, FeatureType.ToString(), feature.Type.ToString());
    }

    private DataViewSchema.DetachedColumn[] Columns(DataViewSchema inputSchema)
    {
        uint set = NextScoreSet(inputSchema);
        DataViewSchema.Annotations.Builder predicted = Annotations(set, "PredictedLabel");
        Labels.AddTo(predicted, AnnotationKinds.KeyValues);
        DataViewSchema.Annotations.Builder score = Annotations(set, "Score");
        if (Labels.AreTexts)
        {
            Labels.AddTo(score, AnnotationKinds.SlotNames);
        }

        Labels.AddTo(score, AnnotationKinds.TrainingLabelValues);
        return
        [
            new("PredictedLabel", new KeyDataViewType(typeof(uint), Model.Classes), predicted.ToAnnotations()),
            new("Score", new VectorDataViewType(NumberDataViewType.Single, Model.Classes), score.ToAnnotations()),
        ];
    }

    private static DataViewSchema.Annotations.Builder Annotations(uint set, string valueKind)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationKinds.ScoreColumnSetId, new KeyDataViewType(typeof(uint), int.MaxValue), set);
        annotations.AddPrimitiveValue(AnnotationKinds.ScoreColumnKind, TextDataViewType.Instance, Kind.AsMemory());
        annotations.AddPrimitiveValue(AnnotationKinds.ScoreValueKind, TextDataViewType.Instance, valueKind.AsMemory());
        return annotations;
    }

    // One more than the highest number of a set of score columns that the schema has.
    private static uint NextScoreSet(DataViewSchema schema)
    {
        uint highest = 0;
        foreach (DataViewSchema.Column column in schema)
        {
            if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.ScoreColumnSetId)?.Type is KeyDataViewType { RawType: var raw } && raw == typeof(uint))
            {
                uint set = 0;
                column.Annotations.GetValue(AnnotationKinds.ScoreColumnSetId, ref set);
                highest = Math.Max(highest, set);
            }
        }

        return highest + 1;
    }

    private sealed class Mapping(DataViewSchema inputSchema, MulticlassScoring scoring, DataViewSchema.Column feature) : RowMapping(inputSchema)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> AddedColumns { get; } = scoring.Columns(inputSchema);

        public override IEnumerable<int> DependenciesOf(int added) => [feature.Index];

        public override Delegate CreateGetter(DataViewRow input, int added)
        {
            ValueGetter<VBuffer<float>> getter = input.GetGetter<VBuffer<float>>(feature);
            VBuffer<float> features = default;
            var probabilities = new float[scoring.Model.Classes];
            if (added == 0)
            {
                return (ValueGetter<uint>)((ref uint label) =>
                {
                    Score();
                    label = (uint)Array.IndexOf(probabilities, probabilities.Max()) + 1;
                });
            }

            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> score) =>
            {
                Score();
                VBuffer<float>.Copy(probabilities, 0, ref score, probabilities.Length);
            });

            void Score()
            {
                getter(ref features);
                scoring.Model.Score(features, probabilities);
            }
        }
    }
}
