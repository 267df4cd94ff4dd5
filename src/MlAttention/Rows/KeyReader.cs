namespace MlAttention.Rows;

/// <summary>Reads keys of any of ML.NET's key types as int; 0 is a missing value.</summary>
internal static class KeyReader
{
    /// <summary>Reads one key.</summary>
    public delegate int ReadKey();

    /// <summary>Reads the keys of a sequence; the span is valid until the next call.</summary>
    public delegate ReadOnlySpan<int> ReadKeys();

    public static ReadKey Scalar(DataViewRow row, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var type when type == typeof(byte) => Scalar<byte>(row, column, key => key),
        var type when type == typeof(ushort) => Scalar<ushort>(row, column, key => key),
        var type when type == typeof(uint) => Scalar<uint>(row, column, key => (int)key),
        _ => Scalar<ulong>(row, column, key => (int)key),
    };

    /// <summary>Keys of a vector. In a vector of fixed length, zeros at the end are padding and left away.</summary>
    public static ReadKeys Vector(DataViewRow row, DataViewSchema.Column column)
    {
        var type = (VectorDataViewType)column.Type;
        var raw = type.ItemType.RawType;
        return raw == typeof(byte) ? Vector<byte>(row, column, type.IsKnownSize, key => key)
            : raw == typeof(ushort) ? Vector<ushort>(row, column, type.IsKnownSize, key => key)
            : raw == typeof(uint) ? Vector<uint>(row, column, type.IsKnownSize, key => (int)key)
            : Vector<ulong>(row, column, type.IsKnownSize, key => (int)key);
    }

    private static ReadKey Scalar<T>(DataViewRow row, DataViewSchema.Column column, Func<T, int> toInt)
    {
        var getter = row.GetGetter<T>(column);
        T key = default!;
        return () =>
        {
            getter(ref key);
            return toInt(key);
        };
    }

    private static ReadKeys Vector<T>(DataViewRow row, DataViewSchema.Column column, bool isPadded, Func<T, int> toInt)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        int[] keys = [];
        return () =>
        {
            getter(ref buffer);
            if (keys.Length < buffer.Length) keys = new int[Math.Max(32, buffer.Length)];
            var filled = keys.AsSpan(0, buffer.Length);
            Convert(buffer, filled, toInt);
            return isPadded ? filled.TrimEnd(0) : filled;
        };
    }

    private static void Convert<T>(in VBuffer<T> buffer, Span<int> keys, Func<T, int> toInt)
    {
        var values = buffer.GetValues();
        if (buffer.IsDense)
        {
            for (var i = 0; i < values.Length; i++) keys[i] = toInt(values[i]);
            return;
        }

        keys.Clear();
        var indices = buffer.GetIndices();
        for (var i = 0; i < values.Length; i++) keys[indices[i]] = toInt(values[i]);
    }
}
