using Microsoft.ML;
using Microsoft.ML.Data;
using MlAttention.Pipeline.Schema;

namespace MlAttention.Pipeline.Layers;

/// <summary>Columns with a vector for each token of a sequence: a variable vector [L,D], row-major, with L different in each row.</summary>
internal static class TokenVectors
{
    /// <summary>The type of vectors of width D.</summary>
    public static VectorDataViewType TypeOf(int width) => new(NumberDataViewType.Single, 0, width);

    /// <summary>The width D of a column's vectors.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column does not hold vectors of a known width.</exception>
    public static int WidthOf(DataViewSchema.Column column) => column.Type is VectorDataViewType { Dimensions: [0, var width and > 0] } ? width
        : throw new ArgumentOutOfRangeException(nameof(column), $"Schema mismatch for input column '{column.Name}': expected VarVector<Single, *, D>, as EmbedTokens gives it, got {column.Type}");

    /// <exception cref="ArgumentOutOfRangeException">The column is missing, of another type or of another width.</exception>
    public static void Check(DataViewSchema schema, string columnName, int width)
    {
        var column = ColumnRequirement.TokenVectors("input", columnName).Check(schema);
        if (WidthOf(column) != width)
            throw new ArgumentOutOfRangeException(nameof(schema), $"Schema mismatch for input column '{columnName}': expected VarVector<Single, *, {width}>, got {column.Type}");
    }
}
