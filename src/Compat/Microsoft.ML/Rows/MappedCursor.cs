namespace Microsoft.ML.Data;

/// <summary>A cursor over input rows with the columns that a mapping adds.</summary>
internal sealed class MappedCursor(MappedSchema schema, DataViewRowCursor input, ColumnSet active) : DataViewRowCursor
{
    public override DataViewSchema Schema => schema.Schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        RowErrors.Typed<TValue>(schema.GetGetter(input, active, column), column);

    public override bool MoveNext() => input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
