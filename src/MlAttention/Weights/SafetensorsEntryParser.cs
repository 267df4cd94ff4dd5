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

        int size = SafetensorsElements.Size(dataType);
        if (size == 0) throw Error($"has dtype {dataType}; {SafetensorsElements.Readable} can be read.");
        if (end - begin > Array.MaxLength) throw Error($"takes {end - begin} bytes; at most {Array.MaxLength} can be read.");
        if (Bytes(shape, size) is not { } bytes || bytes != end - begin)
            throw Error($"of dtype {dataType} and shape [{string.Join(',', shape)}] does not fill its {end - begin} bytes exactly.");
        return new SafetensorsEntry(name, dataType, Array.ConvertAll(shape, dimension => (int)dimension), begin, end);

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

    private static long? Bytes(long[] shape, int elementSize)
    {
        if (Array.Exists(shape, dimension => dimension > int.MaxValue)) return null;
        if (shape.Contains(0)) return 0;
        long bytes = elementSize;
        foreach (long dimension in shape)
        {
            bytes *= dimension;
            if (bytes > Array.MaxLength) return null;
        }
        return bytes;
    }
}
