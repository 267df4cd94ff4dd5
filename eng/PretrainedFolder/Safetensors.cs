using System.Buffers.Binary;
using System.Text.Json;

namespace MlAttention.Build;

/// <summary>Writes weights as safetensors, in a program that is built before everything else and so uses nothing of MlAttention.Core.</summary>
/// <remarks>The header's length, 8 bytes; the header, JSON; the values. Source: https://github.com/huggingface/safetensors, section "Format".</remarks>
internal static class Safetensors
{
    /// <summary>Writes a file.</summary>
    public static void Write(Stream stream, IReadOnlyList<NamedWeight> weights)
    {
        var header = new Dictionary<string, object> { ["__metadata__"] = new { format = "pt" } };
        long begin = 0;
        foreach (var weight in weights)
        {
            long end = begin + weight.Values.Length;
            header.Add(weight.Name, new { dtype = "F32", shape = weight.Shape, data_offsets = new[] { begin, end } });
            begin = end;
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = -json.Length & 7; // the values begin at a multiple of 8
        byte[] length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        for (int i = 0; i < padding; i++) stream.WriteByte((byte)' ');
        foreach (var weight in weights) stream.Write(weight.Values.Span);
    }
}
