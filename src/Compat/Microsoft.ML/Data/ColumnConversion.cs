namespace Microsoft.ML.Data;

/// <summary>How a column's values become values of a .NET type.</summary>
internal static class ColumnConversion<T>
{
    public static Func<DataViewRow, Func<T>> For(DataViewSchema.Column column)
    {
        if (typeof(T) == column.Type.RawType)
        {
            return row => Raw(row, column);
        }

        if (typeof(T) == typeof(string) && column.Type is TextDataViewType)
        {
            return row => Converted<ReadOnlyMemory<char>>(row, column, text => (T)(object)text.ToString());
        }

        if (typeof(T) == typeof(string[]) && column.Type is VectorDataViewType { ItemType: TextDataViewType })
        {
            return row => Converted<VBuffer<ReadOnlyMemory<char>>>(row, column, texts => (T)(object)texts.DenseValues().Select(text => text.ToString()).ToArray());
        }

        if (typeof(T).IsArray && column.Type is VectorDataViewType vector && vector.ItemType.RawType == typeof(T).GetElementType())
        {
            return row => (Func<T>)Generic.Call(typeof(ColumnConversion<T>), nameof(Items), vector.ItemType.RawType, row, column);
        }

        throw new InvalidOperationException($"Could not map a data view column '{column.Name}' of type {column.Type} to {typeof(T)}.");
    }

    // Each value keeps buffers of its own, because the caller may keep the value.
    private static Func<T> Raw(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            getter(ref value);
            return value;
        };
    }

    private static Func<T> Converted<TRaw>(DataViewRow row, DataViewSchema.Column column, Func<TRaw, T> convert)
    {
        ValueGetter<TRaw> getter = row.GetGetter<TRaw>(column);
        TRaw value = default;
        return () =>
        {
            getter(ref value);
            return convert(value);
        };
    }

    private static Func<TItem[]> Items<TItem>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<TItem>> getter = row.GetGetter<VBuffer<TItem>>(column);
        VBuffer<TItem> value = default;
        return () =>
        {
            getter(ref value);
            var items = new TItem[value.Length];
            value.CopyTo(items);
            return items;
        };
    }
}
