namespace MlAttention.Classification;

/// <summary>None to all labels for each row: Label and PredictedLabel vectors of keys, Score the probability of each label.</summary>
internal sealed class MultiLabelOutput : ClassifierOutput
{
    private const string Kind = "MultiLabelClassification";

    public override ColumnRequirement Label(string name) => ColumnRequirement.Keys("label", name);

    public override TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings) => new KeysTarget(KeyReader.Vector(row, label));

    public override DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId) =>
    [
        Column(names.PredictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), classes)), Kind, "PredictedLabel", setId, column => labels?.AddTo(column, AnnotationKinds.KeyValues)),
        Column(names.Score, new VectorDataViewType(NumberDataViewType.Single, classes), Kind, "Score", setId, column => NameClasses(column, labels)),
    ];

    public override BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) => new LabelsMapper(model, settings, batchSize);

    /// <summary>A row with a key that is missing has a label that nothing is known of, and is left out.</summary>
    private sealed class KeysTarget(KeyReader.ReadKeys read) : TargetReader
    {
        public override bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group)
        {
            var keys = read();
            if (keys.Contains(0)) return false;
            int[] labels = new int[keys.Length];
            for (int i = 0; i < labels.Length; i++) labels[i] = keys[i] - 1;
            builder.Add(tokens, labels, weight, group);
            return true;
        }
    }

    private sealed class LabelsMapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) : ModelMapper(model, settings.Tokens, batchSize)
    {
        private const int PredictedLabelOutput = 0;
        private readonly float[] _thresholds = settings.Thresholds(model.ClassCount, model.Labels);
        private readonly uint[] _keys = new uint[model.ClassCount];

        public override Delegate MakeGetter(int output, BatchSlot slot) => output == PredictedLabelOutput
            ? (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> destination) => destination.Set<uint>(_keys.AsSpan(0, Decide(Row(slot.Fetchable())))))
            : (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) => destination.Set<float>(Row(slot.Fetchable())));

        private int Decide(ReadOnlySpan<float> probabilities)
        {
            int count = 0;
            for (int c = 0; c < probabilities.Length; c++)
                if (probabilities[c] >= _thresholds[c]) _keys[count++] = (uint)c + 1;
            return count;
        }
    }
}
