namespace Microsoft.ML.Data;

/// <summary>An output column and how it comes from an input column.</summary>
/// <param name="Input">The input column.</param>
/// <param name="Output">The output column.</param>
/// <param name="CreateGetter">Makes a getter of the output that follows an input row.</param>
internal sealed record ColumnMapping(
    DataViewSchema.Column Input,
    DataViewSchema.DetachedColumn Output,
    Func<DataViewRow, Delegate> CreateGetter);
