using Microsoft.ML.Compat;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Copies a column under another name.</summary>
public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    private readonly InputOutputColumnPair _column;

    internal ColumnCopyingEstimator(InputOutputColumnPair column)
        : base(new ColumnCopyingTransformer([column]))
    {
        _column = column;
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Guard.NotNull(inputSchema, nameof(inputSchema));
        return inputSchema.TryFindColumn(_column.InputColumnName, out SchemaShape.Column input)
            ? inputSchema.With(new SchemaShape.Column(_column.OutputColumnName, input.Kind, input.ItemType, input.IsKey, input.Annotations))
            : throw Guard.ColumnNotFound("input", _column.InputColumnName);
    }
}
