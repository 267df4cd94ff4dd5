namespace Microsoft.ML.Data;

/// <summary>An input row with the columns that a mapping adds.</summary>
internal sealed class MappedRow(MappedSchema schema, DataViewRow input, ColumnSet active) : DataViewRow
{
    public override DataViewSchema Schema => schema.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowErrors.Typed<TValue>(schema.GetGetter(input, active, column), column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
