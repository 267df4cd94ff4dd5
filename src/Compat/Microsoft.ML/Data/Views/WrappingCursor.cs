namespace Microsoft.ML.Data;

/// <summary>A cursor over some of another cursor's rows.</summary>
internal abstract class WrappingCursor(DataViewRowCursor source) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;

    public override DataViewSchema Schema => source.Schema;

    public override long Position => _position;

    public override long Batch => source.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

    public sealed override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        if (MoveNextCore(source))
        {
            _position++;
            return true;
        }

        Dispose();
        return false;
    }

    protected abstract bool MoveNextCore(DataViewRowCursor source);

    protected override void Dispose(bool disposing)
    {
        _ended = true;
        _position = -1;
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }
}
