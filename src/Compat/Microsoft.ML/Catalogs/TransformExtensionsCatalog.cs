using Microsoft.ML.Transforms;

namespace Microsoft.ML;

/// <summary>Transforms that copy and join columns.</summary>
public static class TransformExtensionsCatalog
{
    public static ColumnCopyingEstimator CopyColumns(this TransformsCatalog catalog, string outputColumnName, string inputColumnName) =>
        new(new InputOutputColumnPair(outputColumnName, inputColumnName));

    /// <summary>Joins columns of one item type into a vector.</summary>
    public static ColumnConcatenatingEstimator Concatenate(this TransformsCatalog catalog, string outputColumnName, params string[] inputColumnNames) =>
        new(outputColumnName, inputColumnNames);
}
