using System.Buffers.Binary;
using System.Text;

namespace MlAttention.Build;

/// <summary>One operation of the graph.</summary>
internal sealed record OnnxNode(string Operation, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs);

/// <summary>A constant of the graph.</summary>
/// <param name="DataType">1 for float32.</param>
/// <param name="Values">Its values as they lie in the file, little-endian.</param>
internal sealed record OnnxTensor(string Name, IReadOnlyList<long> Shape, long DataType, ReadOnlyMemory<byte> Values)
{
    /// <summary>The number of float32.</summary>
    public const long Float = 1;
}

/// <summary>What weights are read from: the operations and constants of an ONNX file. All else is passed over.</summary>
/// <remarks>Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, messages ModelProto, GraphProto, NodeProto, TensorProto.</remarks>
internal sealed record OnnxModel(IReadOnlyList<OnnxNode> Nodes, IReadOnlyDictionary<string, OnnxTensor> Constants)
{
    /// <exception cref="InvalidDataException">The file is damaged or has no graph.</exception>
    public static OnnxModel Read(ReadOnlyMemory<byte> file)
    {
        const int graphOfModel = 7, nodeOfGraph = 1, constantOfGraph = 5;
        var graph = ProtobufFields.Of(file).Where(field => field.Number == graphOfModel).Select(field => ProtobufFields.Of(field.Bytes).ToArray()).FirstOrDefault()
            ?? throw new InvalidDataException("The ONNX file has no graph.");
        return new(
            [.. graph.Where(field => field.Number == nodeOfGraph).Select(field => Node(field.Bytes))],
            graph.Where(field => field.Number == constantOfGraph).Select(field => Tensor(field.Bytes)).ToDictionary(tensor => tensor.Name));
    }

    private static OnnxNode Node(ReadOnlyMemory<byte> message)
    {
        const int input = 1, output = 2, operation = 4;
        var fields = ProtobufFields.Of(message).ToArray();
        return new(Texts(operation).FirstOrDefault(""), [.. Texts(input)], [.. Texts(output)]);

        IEnumerable<string> Texts(int number) => fields.Where(field => field.Number == number).Select(field => field.Text);
    }

    private static OnnxTensor Tensor(ReadOnlyMemory<byte> message)
    {
        const int dimension = 1, dataType = 2, name = 8, rawData = 9;
        var fields = ProtobufFields.Of(message).ToLookup(field => field.Number);
        return new(
            fields[name].Single().Text,
            [.. fields[dimension].SelectMany(field => field.Numbers)],
            fields[dataType].Single().Number64,
            fields[rawData].Select(field => field.Bytes).FirstOrDefault());
    }
}

/// <summary>One field of a protobuf message: a whole number, or bytes.</summary>
/// <param name="Number">The field's number in the message's definition.</param>
/// <param name="Number64">Its value; 0 where it has bytes.</param>
/// <param name="Bytes">A text, a message, or whole numbers side by side; empty where it is one number.</param>
internal readonly record struct ProtobufField(int Number, long Number64, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The bytes as a text.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>The number, or those side by side.</summary>
    public IEnumerable<long> Numbers => Bytes.IsEmpty ? [Number64] : ProtobufFields.Packed(Bytes);
}

/// <summary>Splits protobuf messages into fields.</summary>
/// <remarks>Source: https://protobuf.dev/programming-guides/encoding.</remarks>
internal static class ProtobufFields
{
    private const int VariableLength = 0, EightBytes = 1, LengthFirst = 2, FourBytes = 5;

    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public static IEnumerable<ProtobufField> Of(ReadOnlyMemory<byte> message)
    {
        for (int at = 0; at < message.Length;)
        {
            long key = Number(message.Span, ref at);
            int number = (int)(key >> 3);
            switch ((int)key & 7)
            {
                case VariableLength: yield return new(number, Number(message.Span, ref at), default); break;
                case EightBytes: yield return new(number, BinaryPrimitives.ReadInt64LittleEndian(Take(message, ref at, sizeof(long)).Span), default); break;
                case LengthFirst: yield return new(number, 0, Take(message, ref at, Number(message.Span, ref at))); break;
                case FourBytes: yield return new(number, BinaryPrimitives.ReadInt32LittleEndian(Take(message, ref at, sizeof(int)).Span), default); break;
                default: throw new InvalidDataException($"The ONNX file is damaged: field {number} is of an unknown kind.");
            }
        }
    }

    /// <summary>Whole numbers side by side.</summary>
    public static IEnumerable<long> Packed(ReadOnlyMemory<byte> numbers)
    {
        for (int at = 0; at < numbers.Length;) yield return Number(numbers.Span, ref at);
    }

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> message, ref int at, long length)
    {
        if (length < 0 || length > message.Length - at) throw new InvalidDataException("The ONNX file is damaged: a field is longer than its message.");
        var bytes = message.Slice(at, (int)length);
        at += (int)length;
        return bytes;
    }

    // Seven bits a byte, the lowest first; the eighth says that more follow.
    private static long Number(ReadOnlySpan<byte> message, ref int at)
    {
        long number = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (at == message.Length) throw new InvalidDataException("The ONNX file is damaged: it ends in a number.");
            byte next = message[at++];
            number |= (long)(next & 0x7f) << shift;
            if (next < 0x80) return number;
        }
        throw new InvalidDataException("The ONNX file is damaged: a number has more than 64 bits.");
    }
}
