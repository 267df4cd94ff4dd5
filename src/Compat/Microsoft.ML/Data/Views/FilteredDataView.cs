using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Those rows of a data view that a test accepts.</summary>
/// <param name="source">The rows to choose from.</param>
/// <param name="tested">The columns that the test reads; none when it goes by row ids.</param>
/// <param name="createTest">Makes the test for a cursor.</param>
internal sealed class FilteredDataView(IDataView source, DataViewSchema.Column[] tested, Func<DataViewRow, Func<bool>> createTest) : IDataView
{
    public bool CanShuffle => source.CanShuffle;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return new Cursor(source.GetRowCursor(columns.Concat(tested), rand), new ColumnSet(Schema, columns), createTest);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return [.. source.GetRowCursorSet(columns.Concat(tested), n, rand).Select(cursor => new Cursor(cursor, new ColumnSet(Schema, columns), createTest))];
    }

    private sealed class Cursor(DataViewRowCursor source, ColumnSet active, Func<DataViewRow, Func<bool>> createTest) : WrappingCursor(source)
    {
        private readonly Func<bool> _accepts = createTest(source);

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.CheckActive(column);
            return base.GetGetter<TValue>(column);
        }

        protected override bool MoveNextCore(DataViewRowCursor source)
        {
            while (source.MoveNext())
            {
                if (_accepts())
                {
                    return true;
                }
            }

            return false;
        }
    }
}
