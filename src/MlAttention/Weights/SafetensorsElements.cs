using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MlAttention.Weights;

/// <summary>Converts the values of a safetensors file, little-endian, to and from float32.</summary>
internal static class SafetensorsElements
{
    /// <summary>The data types that can be read, as the format spells them.</summary>
    public const string Readable = "F32, F64, F16 and BF16";

    /// <summary>Bytes of one value; 0 for a data type that cannot be read.</summary>
    public static int Size(string dataType) => dataType switch
    {
        "F64" => sizeof(double),
        "F32" => sizeof(float),
        "F16" or "BF16" => sizeof(ushort),
        _ => 0,
    };

    /// <exception cref="InvalidDataException">A value is beyond float32's range.</exception>
    public static float[] ToFloats(SafetensorsEntry entry, ReadOnlySpan<byte> bytes, string place)
    {
        int size = Size(entry.DataType);
        var values = new float[bytes.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            var value = bytes.Slice(i * size, size);
            values[i] = entry.DataType switch
            {
                "F64" => Narrow(BinaryPrimitives.ReadDoubleLittleEndian(value), entry.Name, i, place),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(value),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
            };
        }
        return values;
    }

    /// <summary>The values as F32, little-endian.</summary>
    public static ReadOnlySpan<byte> ToBytes(float[] values)
    {
        if (BitConverter.IsLittleEndian) return MemoryMarshal.AsBytes(values.AsSpan());
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        return bytes;
    }

    private static float Narrow(double value, string name, int index, string place)
    {
        float narrow = (float)value;
        if (double.IsFinite(value) && !float.IsFinite(narrow))
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{place}: tensor '{name}': value {value:R} at index {index} is beyond float32's range."));
        }
        return narrow;
    }
}
