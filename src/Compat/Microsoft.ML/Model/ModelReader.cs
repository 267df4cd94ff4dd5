using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Reads a component's state; whatever the bytes say, it reads no further and allocates no more than they reach.</summary>
internal sealed class ModelReader(string name, ReadOnlyMemory<byte> data)
{
    private const int MaximumDimensions = 64;

    private ReadOnlyMemory<byte> _rest = data;

    public bool ReadBoolean() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        byte other => throw Invalid($"{other} is neither true nor false"),
    };

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadCount(1)));

    /// <summary>A number of items each of which takes at least <paramref name="bytesEach"/> of the bytes that follow.</summary>
    public int ReadCount(int bytesEach)
    {
        int count = ReadInt32();
        if (count < 0 || (long)count * bytesEach > _rest.Length)
        {
            throw Invalid($"a count of {count} does not fit into the {_rest.Length} bytes that are left");
        }

        return count;
    }

    public DataViewType ReadType()
    {
        string type = ReadString();
        if (type != "Vector")
        {
            return ReadPrimitiveType(type);
        }

        var dimensions = new int[ReadCount(sizeof(int))];
        if (dimensions.Length > MaximumDimensions)
        {
            throw Invalid($"a vector has {dimensions.Length} dimensions");
        }

        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = ReadInt32();
        }

        return new VectorDataViewType(ReadPrimitiveType(ReadString()), dimensions);
    }

    public InputOutputColumnPair[] ReadColumns()
    {
        var columns = new InputOutputColumnPair[ReadCount(2 * sizeof(int))];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = new InputOutputColumnPair(ReadString(), ReadString());
        }

        return columns;
    }

    public T[] ReadValues<T>()
    {
        if (typeof(T) == typeof(byte))
        {
            return (T[])(object)Take(ReadCount(1)).ToArray();
        }

        var values = new T[ReadCount(ValueCodec<T>.MinimumBytes)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ValueCodec<T>.Read(this);
        }

        return values;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Invalid($"it ends early: {count} bytes wanted, {_rest.Length} left");
        }

        ReadOnlySpan<byte> taken = _rest.Span[..count];
        _rest = _rest[count..];
        return taken;
    }

    public InvalidDataException Invalid(string reason) => new($"The entry '{name}' of the model file is not valid: {reason}.");

    private PrimitiveDataViewType ReadPrimitiveType(string type)
    {
        if (type == "Key")
        {
            return new KeyDataViewType(ReadPrimitiveType(ReadString()).RawType, ReadUInt64());
        }

        return DataViewTypes.FromName(type) ?? throw Invalid($"there is no column type '{type}'");
    }
}
