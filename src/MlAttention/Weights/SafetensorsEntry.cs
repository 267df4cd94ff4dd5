namespace MlAttention.Weights;

/// <summary>Where one tensor of a safetensors file lies; Begin and End are byte offsets into the data after the header.</summary>
internal sealed record SafetensorsEntry(string Name, string DataType, long[] Shape, long Begin, long End)
{
    /// <summary>Checks that the tensor can be read as float32; one that nobody asks for may be of any data type and size.</summary>
    /// <exception cref="InvalidDataException">The data type is another, or the tensor is too large.</exception>
    public void RequireReadable(string place)
    {
        if (SafetensorsElements.Size(DataType) == 0) throw Error($"has dtype {DataType}; {SafetensorsElements.Readable} can be read.");
        if (End - Begin > Array.MaxLength) throw Error($"takes {End - Begin} bytes; at most {Array.MaxLength} can be read.");

        InvalidDataException Error(string message) => new($"{place}: tensor '{Name}' {message}");
    }
}
