using System.Reflection;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The objects of an enumerable as rows, read anew by each cursor.</summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _rows;
    private readonly Func<Func<TRow>, Delegate>[] _readers;

    public EnumerableDataView(IEnumerable<TRow> rows, SchemaDefinition definition)
    {
        _rows = rows;
        (Schema, _readers) = Bind(definition);
    }

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; }

    /// <summary>The schema that a definition gives the class, with a reader of each column.</summary>
    public static (DataViewSchema Schema, Func<Func<TRow>, Delegate>[] Readers) Bind(SchemaDefinition definition)
    {
        (MemberInfo Member, DataViewSchema.DetachedColumn Column)[] members = RowMember.Bind(typeof(TRow), definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(members.Select(member => member.Column));
        return (builder.ToSchema(), [.. members.Select(member => ObjectColumn.Reader<TRow>(member.Member, member.Column.Type))]);
    }

    public long? GetRowCount() => (_rows as ICollection<TRow>)?.Count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Guard.NotNull(columnsNeeded, nameof(columnsNeeded));
        return new Cursor(this, new ColumnSet(Schema, columnsNeeded));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(EnumerableDataView<TRow> data, ColumnSet active) : SourceCursor(data.Schema, active)
    {
        private readonly IEnumerator<TRow> _rows = data._rows.GetEnumerator();
        private TRow _row;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) =>
        {
            Current();
            id = new DataViewRowId((ulong)Position, 0);
        };

        protected override Delegate CreateGetter(DataViewSchema.Column column) => data._readers[column.Index](Current);

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
            {
                return false;
            }

            _row = _rows.Current ?? throw new InvalidOperationException("Encountered null when iterating over data, this is not supported.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            _row = null;
            if (disposing)
            {
                _rows.Dispose();
            }
        }

        private TRow Current() => _row ?? throw RowErrors.NoCurrentRow();
    }
}
