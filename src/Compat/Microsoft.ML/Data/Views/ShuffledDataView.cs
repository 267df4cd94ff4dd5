using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The rows of a data view in an order drawn through a pool of rows; each cursor gives the same order.</summary>
internal sealed class ShuffledDataView(IDataView source, int seed, int poolSize, bool shuffleSource) : IDataView
{
    public bool CanShuffle => true;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        rand ??= new Random(seed);
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        DataViewRowCursor input = source.GetRowCursor(columns, shuffleSource && source.CanShuffle ? new Random(rand.Next()) : null);
        return new Cursor(input, new ColumnSet(Schema, columns), rand, poolSize);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : SourceCursor
    {
        private readonly DataViewRowCursor _source;
        private readonly Random _random;
        private readonly int _poolSize;
        private readonly Dictionary<int, ColumnStore> _stores;
        private readonly ValueGetter<DataViewRowId> _sourceId;
        private readonly List<int> _waiting = [];
        private readonly List<DataViewRowId> _ids = [];
        private int _current = -1;

        public Cursor(DataViewRowCursor source, ColumnSet active, Random random, int poolSize)
            : base(source.Schema, active)
        {
            _source = source;
            _random = random;
            _poolSize = poolSize;
            _stores = source.Schema.Where(active.Contains).ToDictionary(column => column.Index, column => ColumnStore.Create(source, column));
            _sourceId = source.GetIdGetter();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = _ids[CurrentSlot()];

        protected override Delegate CreateGetter(DataViewSchema.Column column) => _stores[column.Index].CreateGetter(CurrentSlot);

        protected override bool MoveNextCore()
        {
            // The slot just served is free again.
            if (_current >= 0)
            {
                ReadInto(_current);
            }

            while (_ids.Count < _poolSize && ReadInto(_ids.Count))
            {
            }

            if (_waiting.Count == 0)
            {
                return false;
            }

            int drawn = _random.Next(_waiting.Count);
            _current = _waiting[drawn];
            _waiting[drawn] = _waiting[^1];
            _waiting.RemoveAt(_waiting.Count - 1);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _current = -1;
            if (disposing)
            {
                _source.Dispose();
            }
        }

        private int CurrentSlot() => _current >= 0 ? _current : throw RowErrors.NoCurrentRow();

        private bool ReadInto(int slot)
        {
            if (!_source.MoveNext())
            {
                return false;
            }

            foreach (ColumnStore store in _stores.Values)
            {
                store.Read(slot);
            }

            DataViewRowId id = default;
            _sourceId(ref id);
            if (slot == _ids.Count)
            {
                _ids.Add(id);
            }
            else
            {
                _ids[slot] = id;
            }

            _waiting.Add(slot);
            return true;
        }
    }
}
