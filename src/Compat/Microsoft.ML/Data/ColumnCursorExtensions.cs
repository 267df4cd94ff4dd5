using Microsoft.ML.Compat;

namespace Microsoft.ML.Data;

/// <summary>Reads one column of a data view.</summary>
public static class ColumnCursorExtensions
{
    public static IEnumerable<T> GetColumn<T>(this IDataView data, string columnName)
    {
        Guard.NotNull(data, nameof(data));
        return data.GetColumn<T>(data.Schema[columnName]);
    }

    /// <summary>The column's values as <typeparamref name="T"/>: the raw type, string for text, or an array for a vector.</summary>
    public static IEnumerable<T> GetColumn<T>(this IDataView data, DataViewSchema.Column column)
    {
        Guard.NotNull(data, nameof(data));
        return Enumerate(data, column, ColumnConversion<T>.For(column));
    }

    private static IEnumerable<T> Enumerate<T>(IDataView data, DataViewSchema.Column column, Func<DataViewRow, Func<T>> createReader)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        Func<T> read = createReader(cursor);
        while (cursor.MoveNext())
        {
            yield return read();
        }
    }
}
