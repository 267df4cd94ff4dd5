using System.Buffers.Binary;
using System.Text;

namespace MlAttention.Tests.Weights;

/// <summary>Safetensors files laid out by hand, byte by byte.</summary>
internal static class SafetensorsBytes
{
    public static byte[] File(string header, params byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    public static byte[] File(byte[] header, params byte[] data)
    {
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        return [.. length, .. header, .. data];
    }

    public static IReadOnlyList<WeightTensor> Read(byte[] file) => SafetensorsFile.Read(new MemoryStream(file));

    public static string Error(byte[] file) => Assert.Throws<InvalidDataException>(() => Read(file)).Message;

    public static byte[] Written(params WeightTensor[] weights)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, weights);
        return stream.ToArray();
    }
}
