using System.Text.Json;

namespace MlAttention.Weights;

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
            var numbers = new long[element.GetArrayLength()];
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
