using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace MlAttention.Core.Weights;

/// <summary>Where one tensor of a safetensors file lies; Begin and End are byte offsets into the data after the header.</summary>
internal sealed record SafetensorsEntry(string Name, string DataType, long[] Shape, long Begin, long End)
{
    /// <summary>The data type of a file's bytes.</summary>
    public const string FileType = "U8";

    /// <summary>Whether it is a small file beside the weights: bytes in one dimension, under a name with a slash.</summary>
    public bool IsFile => DataType == FileType && Shape.Length == 1 && Shape[0] == End - Begin && IsFileName(Name);

    /// <summary>Whether the name is that of a file beside the weights: no parameter has a slash.</summary>
    public static bool IsFileName(string name) => name.Contains('/', StringComparison.Ordinal);

    /// <summary>Checks that the tensor can be read as float32; one that is not asked for may be of any data type and size.</summary>
    /// <exception cref="InvalidDataException">The data type is another, or the tensor is too large.</exception>
    public void RequireReadable(string place)
    {
        if (SafetensorsElements.Size(DataType) == 0) throw Error(place, $"has dtype {DataType}; {SafetensorsElements.Readable} can be read.");
        RequireSize(place);
    }

    /// <exception cref="InvalidDataException">The tensor is too large for an array.</exception>
    public void RequireSize(string place)
    {
        if (End - Begin > Array.MaxLength) throw Error(place, $"takes {End - Begin} bytes; at most {Array.MaxLength} can be read.");
    }

    private InvalidDataException Error(string place, string message) => new($"{place}: tensor '{Name}' {message}");
}

/// <summary>Reads one tensor's entry of a safetensors header and checks that its parts agree.</summary>
internal static class SafetensorsEntryParser
{
    /// <exception cref="InvalidDataException">A part is missing, unknown, of the wrong kind, or disagrees with another.</exception>
    public static SafetensorsEntry Parse(JsonProperty property, string place)
    {
        string name = property.Name;
        if (name.Length == 0) throw Error("has an empty name.");
        if (property.Value.ValueKind != JsonValueKind.Object) throw Error($"must be a JSON object; got {property.Value.ValueKind}.");

        string? dataType = null;
        long[]? shape = null, offsets = null;
        foreach (var part in property.Value.EnumerateObject())
        {
            switch (part.Name)
            {
                case "dtype" when part.Value.ValueKind == JsonValueKind.String: dataType = part.Value.GetString(); break;
                case "shape": shape = Integers(part.Value); break;
                case "data_offsets": offsets = Integers(part.Value); break;
                default: throw Error($"has an unknown or ill-typed field '{part.Name}'; known are dtype (a string), shape and data_offsets.");
            }
        }
        if (dataType is null || shape is null || offsets is null) throw Error("needs dtype, shape and data_offsets.");
        if (offsets is not [var begin, var end] || begin > end) throw Error($"has data_offsets [{string.Join(',', offsets)}]; two numbers in order are needed.");

        if (SafetensorsElements.Size(dataType) is var size and > 0 && Bytes(shape, size) != end - begin)
            throw Error($"of dtype {dataType} and shape [{string.Join(',', shape)}] does not fill its {end - begin} bytes exactly.");
        return new SafetensorsEntry(name, dataType, shape, begin, end);

        InvalidDataException Error(string message) => new($"{place}: tensor '{name}' {message}");

        long[] Integers(JsonElement element)
        {
            if (element.ValueKind != JsonValueKind.Array) throw Error($"needs an array of numbers for its shape and data_offsets; got {element.ValueKind}.");
            long[] numbers = new long[element.GetArrayLength()];
            for (int i = 0; i < numbers.Length; i++)
            {
                if (element[i].ValueKind != JsonValueKind.Number || !element[i].TryGetInt64(out numbers[i]) || numbers[i] < 0)
                    throw Error($"has '{element[i]}' where a whole number from 0 is needed.");
            }
            return numbers;
        }
    }

    /// <summary>The bytes that a shape takes; null when they cannot be counted or a size is beyond any array's.</summary>
    private static long? Bytes(long[] shape, int elementSize)
    {
        if (Array.Exists(shape, dimension => dimension > int.MaxValue)) return null;
        if (shape.Contains(0)) return 0;
        Int128 bytes = elementSize;
        foreach (long dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue) return null;
        }
        return (long)bytes;
    }
}

/// <summary>Converts the values of a safetensors file, little-endian, to float32.</summary>
internal static class SafetensorsElements
{
    /// <summary>The data types that can be read, as the format spells them.</summary>
    public const string Readable = "F32, F64, F16 and BF16";

    private const int BufferedValues = 16_384;

    /// <summary>Bytes of one value; 0 for a data type that cannot be read.</summary>
    public static int Size(string dataType) => dataType switch
    {
        "F64" => sizeof(double),
        "F32" => sizeof(float),
        "F16" or "BF16" => sizeof(ushort),
        _ => 0,
    };

    /// <summary>Reads a tensor's first values at the stream's position.</summary>
    /// <exception cref="InvalidDataException">A value is beyond float32's range.</exception>
    public static void Read(Stream stream, SafetensorsEntry entry, Span<float> values, string place)
    {
        if (entry.DataType == "F32" && BitConverter.IsLittleEndian)
        {
            stream.ReadExactly(MemoryMarshal.AsBytes(values));
            return;
        }

        int size = Size(entry.DataType);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferedValues * size);
        for (int done = 0; done < values.Length; done += BufferedValues)
        {
            var part = values.Slice(done, Math.Min(BufferedValues, values.Length - done));
            var bytes = buffer.AsSpan(0, part.Length * size);
            stream.ReadExactly(bytes);
            ToFloats(entry, bytes, part, done, place);
        }
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static void ToFloats(SafetensorsEntry entry, ReadOnlySpan<byte> bytes, Span<float> values, int first, string place)
    {
        int size = Size(entry.DataType);
        for (int i = 0; i < values.Length; i++)
        {
            var value = bytes.Slice(i * size, size);
            values[i] = entry.DataType switch
            {
                "F64" => Narrow(BinaryPrimitives.ReadDoubleLittleEndian(value), entry.Name, first + i, place),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(value),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(value),
                _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(value) << 16),
            };
        }
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
