using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps values through a table that is given, not learned.</summary>
public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    private readonly InputOutputColumnPair _column;

    internal ValueMappingEstimator(InputOutputColumnPair column, ValueMap map)
        : base(new ValueMappingTransformer([column], map))
    {
        _column = column;
    }

    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        if (!inputSchema.TryFindColumn(_column.InputColumnName, out SchemaShape.Column input))
        {
            throw Guard.ColumnNotFound("input", _column.InputColumnName);
        }

        var builder = new DataViewSchema.Builder();
        builder.AddColumns([Transformer.Map.Value]);
        SchemaShape.Column value = SchemaShape.Create(builder.ToSchema())[0];
        if (input.Kind != SchemaShape.Column.VectorKind.Scalar && value.Kind != SchemaShape.Column.VectorKind.Scalar)
        {
            throw new NotSupportedException($"Column '{input.Name}' cannot be mapped to values when the column and the map values are both vector type.");
        }

        SchemaShape.Column.VectorKind kind = input.Kind != SchemaShape.Column.VectorKind.Scalar ? input.Kind : value.Kind;
        return inputSchema.With(new SchemaShape.Column(_column.OutputColumnName, kind, value.ItemType, value.IsKey, value.Annotations));
    }
}
