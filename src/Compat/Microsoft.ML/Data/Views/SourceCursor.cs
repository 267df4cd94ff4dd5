namespace Microsoft.ML.Data;

/// <summary>A cursor that counts its own rows: Position is -1 before the first and after the last.</summary>
internal abstract class SourceCursor(DataViewSchema schema, ColumnSet active) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        active.CheckActive(column);
        return RowErrors.Typed<TValue>(CreateGetter(column), column);
    }

    public sealed override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        if (MoveNextCore())
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    protected abstract bool MoveNextCore();

    protected abstract Delegate CreateGetter(DataViewSchema.Column column);

    protected override void Dispose(bool disposing)
    {
        _ended = true;
        _position = -1;
        base.Dispose(disposing);
    }
}
