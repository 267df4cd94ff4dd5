namespace MlAttention.Rows;

/// <summary>Some rows of a data view, in its order.</summary>
/// <param name="source">The view; each of its cursors must give the same rows in the same order.</param>
/// <param name="rows">0-based numbers of the rows, rising.</param>
internal sealed class RowSubset(IDataView source, int[] rows) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => rows.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(source.GetRowCursor(columnsNeeded), rows);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewRowCursor input, int[] rows) : ForwardingCursor(input)
    {
        private long _position = -1;

        public override long Position => _position;

        public override bool MoveNext()
        {
            if (_position + 1 < rows.Length)
            {
                int row = rows[++_position];
                while (Source.ReadNext())
                    if (Source.Position == row) return true;
            }
            _position = -1;
            return false;
        }
    }
}
