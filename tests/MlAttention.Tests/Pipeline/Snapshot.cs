using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MlAttention.Tests.Pipeline;

/// <summary>The values of columns as texts, so that views of any types can be compared.</summary>
internal static class Snapshot
{
    /// <summary>One text a row, with the given columns in order.</summary>
    public static string[] Of(IDataView data, params string[] columns) => Of(data.GetRowCursor(columns.Select(name => data.Schema[name])), columns);

    public static string[] Of(DataViewRowCursor cursor, params string[] columns)
    {
        using (cursor)
        {
            var readers = columns.Select(name => Reader(cursor, cursor.Schema[name])).ToArray();
            var rows = new List<string>();
            while (cursor.MoveNext()) rows.Add(string.Join(" | ", readers.Select(read => read())));
            return [.. rows];
        }
    }

    public static Func<string> Reader(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(VBuffer<uint>) => Vector<uint>(row, column),
        var type when type == typeof(VBuffer<float>) => Vector<float>(row, column),
        var type when type == typeof(uint) => Scalar<uint>(row, column),
        var type when type == typeof(float) => Scalar<float>(row, column),
        _ => Scalar<ReadOnlyMemory<char>>(row, column),
    };

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(' ', value.DenseValues().Select(item => Convert.ToString(item, CultureInfo.InvariantCulture)));
        };
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        };
    }
}
