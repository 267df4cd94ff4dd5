namespace MlAttention.Classification;

/// <summary>A number for each row: Score, a Single, as of ML.NET's regression trainers.</summary>
internal sealed class RegressionOutput : ClassifierOutput
{
    public override ColumnRequirement Label(string name) => ColumnRequirement.Number("label", name);

    public override int Classes(DataViewSchema.Column label) => 1;

    public override KeyValues? Labels(DataViewSchema.Column label) => null;

    public override KeyValues? ExampleLabels(SchemaShape.Column label) => null;

    public override TargetReader Reader(DataViewRow row, DataViewSchema.Column label, ClassifierSettings settings) => new NumberTarget(row.GetGetter<float>(label));

    public override DataViewSchema.DetachedColumn[] Columns(ClassifierSettings names, int classes, KeyValues? labels, uint setId) =>
        [Column(names.Score, NumberDataViewType.Single, "Regression", "Score", setId)];

    public override BatchMapper Mapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) => new NumberMapper(model, settings, batchSize);

    /// <summary>NaN is a missing number.</summary>
    private sealed class NumberTarget(ValueGetter<float> getter) : TargetReader
    {
        public override bool Add(TokenDatasetBuilder builder, ReadOnlySpan<int> tokens, float weight, int? group)
        {
            var number = 0f;
            getter(ref number);
            if (float.IsNaN(number)) return false;
            builder.AddNumber(tokens, number, weight, group);
            return true;
        }
    }

    private sealed class NumberMapper(AttentionClassifierModel model, ClassifierSettings settings, int batchSize) : ModelMapper(model, settings.Tokens, batchSize)
    {
        public override Delegate MakeGetter(int output, BatchSlot slot) => (ValueGetter<float>)((ref float destination) => destination = Row(slot.Fetchable())[0]);
    }
}
