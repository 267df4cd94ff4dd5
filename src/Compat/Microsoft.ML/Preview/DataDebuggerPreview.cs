using System.Collections.Immutable;
using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a data view, to look at in a debugger.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        Guard.NotNull(data, nameof(data));
        Guard.Param(maxRows >= 0, nameof(maxRows));
        Schema = data.Schema;
        using DataViewRowCursor cursor = data.GetRowCursor(Schema);
        Func<object>[] readers = [.. Schema.Select(column => (Func<object>)Generic.Call(typeof(DataDebuggerPreview), nameof(ReaderOf), column.Type.RawType, cursor, column))];
        var rows = new List<object[]>();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            rows.Add([.. readers.Select(read => read())]);
        }

        RowView = [.. rows.Select(row => new RowInfo([.. Schema.Zip(row, (column, value) => KeyValuePair.Create(column.Name, value))]))];
        ColumnView = [.. Schema.Select(column => new ColumnInfo(column, [.. rows.Select(row => row[column.Index])]))];
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> ReaderOf<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }

    /// <summary>A row: its values with their columns' names.</summary>
    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values)
        {
            Values = values;
        }

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }

    /// <summary>A column: its values in the rows.</summary>
    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => $"{Column.Name}: {Column.Type}";
    }
}
