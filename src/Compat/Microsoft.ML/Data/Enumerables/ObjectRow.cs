namespace Microsoft.ML.Data;

/// <summary>A row whose values are those of the object last given to it.</summary>
internal sealed class ObjectRow<TRow> : DataViewRow
    where TRow : class
{
    private readonly Func<Func<TRow>, Delegate>[] _readers;
    private TRow _current;
    private long _position = -1;

    public ObjectRow(SchemaDefinition definition)
    {
        (Schema, _readers) = EnumerableDataView<TRow>.Bind(definition);
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public void Set(TRow row)
    {
        Compat.Guard.NotNull(row, nameof(row));
        _current = row;
        _position++;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => RowErrors.Typed<TValue>(_readers[column.Index](Current), column);

    private TRow Current() => _current ?? throw RowErrors.NoCurrentRow();
}
