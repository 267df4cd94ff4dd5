using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps keys back to the values that their column's KeyValues annotation gives.</summary>
public sealed class KeyToValueMappingEstimator : TrivialEstimator<KeyToValueMappingTransformer>
{
    private readonly InputOutputColumnPair[] _columns;

    internal KeyToValueMappingEstimator(InputOutputColumnPair[] columns)
        : base(new KeyToValueMappingTransformer(columns))
    {
        _columns = columns;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return inputSchema.With(_columns.Select(column =>
        {
            if (!inputSchema.TryFindColumn(column.InputColumnName, out SchemaShape.Column input))
            {
                throw Guard.ColumnNotFound("input", column.InputColumnName);
            }

            if (!input.IsKey)
            {
                throw Guard.SchemaMismatch("input", input.Name, "KeyType", input.TypeName);
            }

            if (!input.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out SchemaShape.Column values))
            {
                throw Guard.SchemaMismatch("input", input.Name, "key with KeyValues", $"{input.TypeName} without");
            }

            return new SchemaShape.Column(column.OutputColumnName, input.Kind, values.ItemType, values.IsKey, input.Annotations.Only(AnnotationKinds.SlotNames));
        }));
    }
}
