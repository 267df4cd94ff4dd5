using System.Buffers.Binary;

namespace MlAttention.Core.Weights;

/// <summary>One tensor to be written, from where its values stand: values as F32, or the bytes of a file as U8.</summary>
internal sealed class SafetensorsPart
{
    private readonly ReadOnlyMemory<float> _values;
    private readonly ReadOnlyMemory<byte> _file;

    /// <summary>Values as F32.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <param name="values">The values, row-major; they are not copied.</param>
    public SafetensorsPart(string name, int[] shape, ReadOnlyMemory<float> values)
    {
        (Name, Shape, _values) = (name, shape, values);
        DataType = "F32";
    }

    private SafetensorsPart(string name, ReadOnlyMemory<byte> file)
    {
        (Name, Shape, _file) = (name, [file.Length], file);
        DataType = SafetensorsEntry.FileType;
    }

    public string Name { get; }

    public int[] Shape { get; }

    /// <summary>The data type, as the format spells it.</summary>
    public string DataType { get; }

    /// <summary>Number of values, or of bytes of a file.</summary>
    public int Count => DataType == SafetensorsEntry.FileType ? _file.Length : _values.Length;

    /// <summary>Bytes in the file.</summary>
    public long ByteCount => DataType == SafetensorsEntry.FileType ? _file.Length : _values.Length * (long)sizeof(float);

    /// <summary>The whole of a weight.</summary>
    public static SafetensorsPart Of(WeightTensor weight) => new(weight.Name, weight.Shape, weight.Values);

    /// <summary>A file that stands beside weights.</summary>
    /// <exception cref="ArgumentException">Its name has no slash, so that it would be taken for a weight.</exception>
    public static SafetensorsPart OfFile(string name, byte[] bytes) => SafetensorsEntry.IsFileName(name) ? new(name, bytes)
        : throw new ArgumentException($"A file beside weights needs a slash in its name, as in 'tokenizer/vocab.txt'; got '{name}'.", nameof(name));

    /// <summary>Writes the values, little-endian.</summary>
    public void WriteTo(Stream stream)
    {
        if (DataType == SafetensorsEntry.FileType) stream.Write(_file.Span);
        else if (BitConverter.IsLittleEndian) stream.Write(MemoryMarshal.AsBytes(_values.Span));
        else WriteSwapped(stream, _values.Span);
    }

    private static void WriteSwapped(Stream stream, ReadOnlySpan<float> values)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            stream.Write(bytes);
        }
    }
}
