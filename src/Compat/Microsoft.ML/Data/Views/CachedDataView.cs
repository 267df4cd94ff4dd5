using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>A data view whose columns are computed once, when first asked for, and then served from memory.</summary>
internal sealed class CachedDataView : IDataView
{
    private readonly IDataView _source;
    private readonly ColumnStore[] _stores;
    private readonly Lock _filling = new();
    private int _count = -1;

    public CachedDataView(IDataView source, params string[] prefetch)
    {
        _source = source;
        _stores = new ColumnStore[source.Schema.Count];
        if (prefetch.Length > 0)
        {
            Fill([.. prefetch.Select(name => source.Schema[name])]);
        }
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema => _source.Schema;

    public long? GetRowCount()
    {
        Fill([]);
        return _count;
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Fill(columns);
        int[] order = [.. Enumerable.Range(0, _count)];
        rand?.Shuffle(order);
        return new Cursor(Schema, new ColumnSet(Schema, columns), _stores, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private void Fill(DataViewSchema.Column[] columns)
    {
        lock (_filling)
        {
            DataViewSchema.Column[] missing = [.. columns.Where(column => _stores[column.Index] is null).DistinctBy(column => column.Index)];
            if (missing.Length == 0 && _count >= 0)
            {
                return;
            }

            using DataViewRowCursor cursor = _source.GetRowCursor(missing);
            ColumnStore[] stores = [.. missing.Select(column => ColumnStore.Create(cursor, column))];
            int row = 0;
            for (; cursor.MoveNext(); row++)
            {
                foreach (ColumnStore store in stores)
                {
                    store.Read(row);
                }
            }

            for (int i = 0; i < missing.Length; i++)
            {
                _stores[missing[i].Index] = stores[i];
            }

            _count = row;
        }
    }

    private sealed class Cursor(DataViewSchema schema, ColumnSet active, ColumnStore[] stores, int[] order) : SourceCursor(schema, active)
    {
        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)CurrentRow(), 0);

        protected override bool MoveNextCore() => Position + 1 < order.Length;

        protected override Delegate CreateGetter(DataViewSchema.Column column) => stores[column.Index].CreateGetter(CurrentRow);

        private int CurrentRow() => Position >= 0 ? order[Position] : throw RowErrors.NoCurrentRow();
    }
}
