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
        var type when type == typeof(bool) => Scalar<bool>(row, column),
        _ => Scalar<ReadOnlyMemory<char>>(row, column),
    };

    /// <summary>The values of objects' members, as those of columns.</summary>
    public static string[] Of<T>(IEnumerable<T> rows, Func<T, IEnumerable<object?>> members) => [.. rows.Select(row => string.Join(" | ", members(row).Select(Format)))];

    /// <summary>A value as a text.</summary>
    public static string Format(object? value) => value switch
    {
        VBuffer<uint> keys => Join(keys.DenseValues()),
        VBuffer<float> numbers => Join(numbers.DenseValues()),
        uint[] keys => Join(keys),
        float[] numbers => Join(numbers),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Batches of another size may round the last bits of a sum differently.</summary>
    public static void AssertClose(string[] expected, string[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (one, other) in expected.Zip(actual))
        {
            if (one == other) continue;
            var (numbers, others) = (Numbers(one), Numbers(other));
            Assert.Equal(numbers.Length, others.Length);
            foreach (var (number, otherNumber) in numbers.Zip(others)) Assert.Equal(number, otherNumber, 1e-4f);
        }
    }

    /// <summary>Names, kinds, item types, keys and annotations of a shape's visible columns.</summary>
    public static string[] Describe(SchemaShape shape) => [.. shape.GroupBy(column => column.Name).Select(columns => columns.Last())
        .Select(column => $"{column.Name}: {column.Kind} {(column.IsKey ? "key " : "")}{column.ItemType} {{{string.Join("; ", Describe(column.Annotations))}}}")
        .Order(StringComparer.Ordinal)];

    private static float[] Numbers(string row) =>
        [.. row.Split([' ', '|'], StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private static string Join<T>(IEnumerable<T> values) => string.Join(' ', values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return Join(value.DenseValues());
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
