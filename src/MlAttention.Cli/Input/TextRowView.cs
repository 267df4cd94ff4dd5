namespace MlAttention.Cli.Input;

/// <summary>Rows of texts in memory, or read as they come: the column Text and, where texts have parts, a column for each.</summary>
/// <param name="parts">The columns of the parts, of which Text is shown as one; null where a row is one text.</param>
/// <param name="rows">The texts of each row.</param>
internal sealed class TextRowView(IReadOnlyList<string>? parts, IEnumerable<string[]> rows) : IDataView
{
    private const string Text = nameof(Text);

    public bool CanShuffle => false;

    public DataViewSchema Schema { get; } = MakeSchema(parts);

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(Schema, [.. columnsNeeded.Select(column => column.Index)], rows.GetEnumerator());

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    private static DataViewSchema MakeSchema(IReadOnlyList<string>? parts)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(Text, TextDataViewType.Instance);
        foreach (string part in parts ?? []) builder.AddColumn(part, TextDataViewType.Instance);
        return builder.ToSchema();
    }

    private sealed class Cursor(DataViewSchema schema, HashSet<int> active, IEnumerator<string[]> rows) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)BatchSlot.Fetchable(_position), 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column)) throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");
            int part = schema.Count == 1 ? 0 : column.Index - 1; // Text itself stands before its parts
            ValueGetter<ReadOnlyMemory<char>> getter = (ref ReadOnlyMemory<char> text) =>
            {
                BatchSlot.Fetchable(_position);
                text = (part < 0 ? string.Join(CsvSettings.BetweenParts, rows.Current) : rows.Current[part]).AsMemory();
            };
            return SchemaBinding.Typed<TValue>(getter, column);
        }

        public override bool MoveNext()
        {
            if (rows.MoveNext())
            {
                _position++;
                return true;
            }
            Dispose();
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _position = -1;
            if (disposing) rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
