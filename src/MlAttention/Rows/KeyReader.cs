using System.Numerics;
using System.Numerics.Tensors;

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
        var type when type == typeof(byte) => Scalar<byte>(row, column),
        var type when type == typeof(ushort) => Scalar<ushort>(row, column),
        var type when type == typeof(uint) => Scalar<uint>(row, column),
        _ => Scalar<ulong>(row, column),
    };

    /// <summary>Keys of a vector. In a vector of fixed length, zeros at the end are padding and left away.</summary>
    public static ReadKeys Vector(DataViewRow row, DataViewSchema.Column column)
    {
        var type = (VectorDataViewType)column.Type;
        var raw = type.ItemType.RawType;
        return raw == typeof(byte) ? Vector<byte>(row, column, type.IsKnownSize)
            : raw == typeof(ushort) ? Vector<ushort>(row, column, type.IsKnownSize)
            : raw == typeof(uint) ? Vector<uint>(row, column, type.IsKnownSize)
            : Vector<ulong>(row, column, type.IsKnownSize);
    }

    private static ReadKey Scalar<T>(DataViewRow row, DataViewSchema.Column column) where T : IBinaryInteger<T>
    {
        var getter = row.GetGetter<T>(column);
        var key = T.Zero;
        return () =>
        {
            getter(ref key);
            return int.CreateTruncating(key);
        };
    }

    private static ReadKeys Vector<T>(DataViewRow row, DataViewSchema.Column column, bool isPadded) where T : IBinaryInteger<T>
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        T[] values = [];
        int[] keys = [];
        return () =>
        {
            getter(ref buffer);
            var length = buffer.Length;
            if (keys.Length < length) (values, keys) = (new T[Math.Max(32, length)], new int[Math.Max(32, length)]);
            buffer.CopyTo(values.AsSpan(0, length));
            TensorPrimitives.ConvertTruncating<T, int>(values.AsSpan(0, length), keys);
            var filled = keys.AsSpan(0, length);
            return isPadded ? filled.TrimEnd(0) : filled;
        };
    }
}
