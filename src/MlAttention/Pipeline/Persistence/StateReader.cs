using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Reads what <see cref="StateWriter"/> wrote, and trusts nothing: no memory is taken for what the bytes only claim to hold.</summary>
internal sealed class StateReader(ReadOnlyMemory<byte> state, int version = StateEnvelope.Version)
{
    /// <summary>How options travel: enums by name, a property that this version does not know is an error.</summary>
    internal static readonly JsonSerializerOptions JsonOptions = new()
    {
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };

    private ReadOnlyMemory<byte> _rest = state;

    /// <summary>The format version that the state was written in.</summary>
    public int Version => version;

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span);

    /// <summary>A width, which is at least 1 and small enough for the square matrices of attention.</summary>
    public int ReadWidth()
    {
        var width = ReadInt32();
        return width is >= 1 and <= ModelLimits.MaxWidth ? width : throw new InvalidDataException($"The model claims vectors of width {width}.");
    }

    public bool ReadBoolean() => Take(1).Span[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"The model's state has {other} where a Boolean belongs."),
    };

    public string ReadString() => Encoding.UTF8.GetString(Take(ReadLength7Bit()).Span);

    /// <summary>One of an enumeration's names.</summary>
    public T ReadEnum<T>() where T : struct, Enum
    {
        var name = ReadString();
        return Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value) ? value : throw new InvalidDataException($"The model has {typeof(T).Name} '{name}', which is none.");
    }

    public ReadOnlyMemory<byte> ReadBytes() => Take(ReadInt32());

    /// <summary>Texts, or null.</summary>
    public string[]? ReadStringsOrNull()
    {
        var count = ReadInt32();
        if (count == -1) return null;
        if (count < 0 || count > _rest.Length) throw new InvalidDataException($"The model's state claims {count} texts in {_rest.Length} bytes.");
        var texts = new string[count];
        for (var i = 0; i < count; i++) texts[i] = ReadString();
        return texts;
    }

    /// <summary>Texts that cannot be null.</summary>
    public string[] ReadStrings() => ReadStringsOrNull() ?? throw new InvalidDataException("The model's state lacks texts.");

    public T ReadOptions<T>() where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(ReadBytes().Span, JsonOptions) ?? throw new InvalidDataException($"The model's state has no {typeof(T).Name}.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The model's {typeof(T).Name} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Weights of exactly these names and shapes, in any order, with finite values.</summary>
    public IReadOnlyList<WeightTensor> ReadWeights(IReadOnlyList<WeightShape> layout)
    {
        using var stream = new MemoryStream(ReadBytes().ToArray(), writable: false);
        var weights = SafetensorsFile.Read(stream);
        foreach (var weight in weights)
            if (!TensorPrimitives.IsFiniteAll<float>(weight.Values)) throw new InvalidDataException($"The model's weight '{weight.Name}' has a value that is not finite.");
        StateWeights.Require(weights, layout);
        return weights;
    }

    /// <exception cref="InvalidDataException">Bytes are left over.</exception>
    public void RequireEnd()
    {
        if (!_rest.IsEmpty) throw new InvalidDataException($"The model's state has {_rest.Length} bytes too many.");
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length) throw new InvalidDataException($"The model's state is cut off: {count} bytes are needed and {_rest.Length} are left.");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    /// <summary>A text's length as BinaryWriter writes it: 7 bits a byte, the low ones first.</summary>
    private int ReadLength7Bit()
    {
        var length = 0L;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Take(1).Span[0];
            length |= (long)(part & 0x7F) << shift;
            if (part < 0x80) return length <= int.MaxValue ? (int)length : throw new InvalidDataException("The model's state has a text of an impossible length.");
        }

        throw new InvalidDataException("The model's state has a text of an impossible length.");
    }
}
