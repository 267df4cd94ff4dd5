using Microsoft.ML.Compat;

namespace Microsoft.ML.Trainers;

/// <summary>A trainer that reads features, a label and perhaps weights from a column each.</summary>
public abstract class TrainerEstimatorBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    public readonly SchemaShape.Column FeatureColumn;

    public readonly SchemaShape.Column LabelColumn;

    public readonly SchemaShape.Column WeightColumn;

    private protected TrainerEstimatorBase(SchemaShape.Column feature, SchemaShape.Column label, SchemaShape.Column weight)
    {
        FeatureColumn = feature;
        LabelColumn = label;
        WeightColumn = weight;
    }

    public abstract TrainerInfo Info { get; }

    public TTransformer Fit(IDataView input)
    {
        Guard.NotNull(input, nameof(input));
        CheckInputs(SchemaShape.Create(input.Schema));
        return Train(input);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        CheckInputs(inputSchema);
        inputSchema.TryFindColumn(LabelColumn.Name, out SchemaShape.Column label);
        return inputSchema.With(OutputColumns(label));
    }

    private protected abstract TTransformer Train(IDataView data);

    private protected abstract SchemaShape.Column[] OutputColumns(SchemaShape.Column label);

    private void CheckInputs(SchemaShape inputSchema)
    {
        CheckInput(inputSchema, "feature", FeatureColumn);
        CheckInput(inputSchema, "label", LabelColumn);
        if (WeightColumn.IsValid)
        {
            CheckInput(inputSchema, "weight", WeightColumn);
        }
    }

    private static void CheckInput(SchemaShape inputSchema, string role, SchemaShape.Column expected)
    {
        if (!inputSchema.TryFindColumn(expected.Name, out SchemaShape.Column column))
        {
            throw Guard.ColumnNotFound(role, expected.Name);
        }

        if (column.Kind != expected.Kind || !column.ItemType.Equals(expected.ItemType) || column.IsKey != expected.IsKey)
        {
            throw Guard.SchemaMismatch(role, expected.Name, expected.TypeName, column.TypeName);
        }
    }
}
