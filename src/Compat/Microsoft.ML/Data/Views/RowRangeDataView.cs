namespace Microsoft.ML.Data;

/// <summary>The rows of a data view from one number on, up to a count.</summary>
internal sealed class RowRangeDataView(IDataView source, long skip, long take) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is long count ? Math.Min(take, Math.Max(0, count - skip)) : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), skip, take);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor source, long skip, long take) : WrappingCursor(source)
    {
        private long _toSkip = skip;
        private long _toTake = take;

        protected override bool MoveNextCore(DataViewRowCursor source)
        {
            for (; _toSkip > 0; _toSkip--)
            {
                if (!source.MoveNext())
                {
                    return false;
                }
            }

            return _toTake-- > 0 && source.MoveNext();
        }
    }
}
