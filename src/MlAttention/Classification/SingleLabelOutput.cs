namespace MlAttention.Classification;

/// <summary>One label for each row: PredictedLabel a key, Score the probability of each class, with the annotations of ML.NET's own multi-class trainers.</summary>
internal sealed class SingleLabelOutput : ClassifierOutput
{
    private const string Kind = "MulticlassClassification";

    public override ColumnRequirement Label(string name) => ColumnRequirement.Key("label", name);

    public override TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings) => new KeyTarget(KeyReader.Scalar(row, label));

    public override DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId) =>
    [
        Column(names.PredictedLabel, new KeyDataViewType(typeof(uint), classes), Kind, "PredictedLabel", setId, column => labels?.AddTo(column, AnnotationKinds.KeyValues)),
        Column(names.Score, new VectorDataViewType(NumberDataViewType.Single, classes), Kind, "Score", setId, column => NameClasses(column, labels)),
    ];

    public override BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) => new ProbabilityMapper(model, settings, batchSize);

    private sealed class ProbabilityMapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) : ModelMapper(model, settings.Tokens, batchSize)
    {
        private const int PredictedLabelOutput = 0;

        public override Delegate MakeGetter(int output, BatchSlot slot) => output == PredictedLabelOutput
            ? (ValueGetter<uint>)((ref uint destination) => destination = (uint)Softmax.IndexOfLargest(Row(slot.Fetchable())) + 1)
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => destination.Set<float>(Row(slot.Fetchable())));
    }
}

/// <summary>Reads a label that is a key.</summary>
internal sealed class KeyTarget(KeyReader.ReadKey read) : TargetReader
{
    public override bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group)
    {
        var key = read();
        if (key == 0) return false;
        builder.Add(tokens, key - 1, weight, group);
        return true;
    }
}
