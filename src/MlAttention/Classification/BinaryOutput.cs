namespace MlAttention.Classification;

/// <summary>
/// Two classes in the columns of ML.NET's binary trainers: PredictedLabel a Boolean, Score the log odds and Probability the probability of
/// the positive class, which is true, or a key's second value: what BinaryClassification.Evaluate takes for positive.
/// </summary>
internal sealed class BinaryOutput : ClassifierOutput
{
    private const string Kind = "BinaryClassification";

    public override ColumnRequirement Label(string name) => ColumnRequirement.KeyOrBoolean("label", name);

    public override int Classes(DataViewSchema.Column label)
    {
        if (label.Type is BooleanDataViewType) return 2;
        int classes = base.Classes(label);
        return classes == 2 ? 2 : throw new ArgumentOutOfRangeException(nameof(label), string.Create(CultureInfo.InvariantCulture,
            $"Schema mismatch for label column '{label.Name}': expected Boolean or a key of 2 values, got a key of {classes}. Without BinaryColumns the classifier takes any number of classes."));
    }

    public override KeyValues? Labels(DataViewSchema.Column label) => label.Type is BooleanDataViewType ? KeyValues.Booleans : base.Labels(label);

    public override KeyValues? ExampleLabels(SchemaShape.Column label) => label.IsKey ? base.ExampleLabels(label) : KeyValues.Booleans;

    public override TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings) =>
        label.Type is BooleanDataViewType ? new BooleanTarget(row.GetGetter<bool>(label)) : new KeyTarget(KeyReader.Scalar(row, label));

    public override DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId) =>
    [
        Column(names.PredictedLabel, BooleanDataViewType.Instance, Kind, "PredictedLabel", setId),
        Column(names.Score, NumberDataViewType.Single, Kind, "Score", setId),
        Column(names.Probability!, NumberDataViewType.Single, Kind, "Probability", setId, column => column.AddPrimitiveValue("IsNormalized", BooleanDataViewType.Instance, true)),
    ];

    public override BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) => new LogOddsMapper(model, settings, batchSize);

    private sealed class BooleanTarget(ValueGetter<bool> getter) : TargetReader
    {
        public override bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group)
        {
            var label = false;
            getter(ref label);
            builder.Add(tokens, label ? 1 : 0, weight, group);
            return true;
        }
    }

    /// <summary>With softmax over logits x0 and x1 the probability of class 1 is sigmoid(x1 - x0), so its log odds are x1 - x0.</summary>
    private sealed class LogOddsMapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) : ModelMapper(model, settings.Tokens, batchSize)
    {
        protected override void Finish(Span<float> logits) { }

        public override Delegate MakeGetter(int output, BatchSlot slot) => output switch
        {
            0 => (ValueGetter<bool>)((ref bool destination) => destination = Probability(slot) >= (float)settings.Threshold),
            1 => (ValueGetter<float>)((ref float destination) => destination = LogOdds(slot)),
            _ => (ValueGetter<float>)((ref float destination) => destination = Probability(slot)),
        };

        private float LogOdds(BatchSlot slot) => Row(slot.Fetchable()) is var logits ? logits[1] - logits[0] : 0;

        private float Probability(BatchSlot slot) => (float)(1 / (1 + Math.Exp(-(double)LogOdds(slot))));
    }
}
