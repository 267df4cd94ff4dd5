using System.Text;
using System.Text.Json;
using MlAttention.Weights;

namespace MlAttention.Pipeline.Persistence;

/// <summary>Writes a transformer's state to memory; little-endian, texts as UTF-8.</summary>
internal sealed class StateWriter : IDisposable
{
    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer;

    public StateWriter() => _writer = new BinaryWriter(_stream, Encoding.UTF8);

    public byte[] ToArray() => _stream.ToArray();

    public void Dispose() => _writer.Dispose();

    public void Write(int value) => _writer.Write(value);

    public void Write(bool value) => _writer.Write(value);

    public void Write(string value) => _writer.Write(value);

    /// <summary>A number of bytes, then the bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _writer.Write(bytes.Length);
        _writer.Write(bytes);
    }

    /// <summary>A number of texts, or -1 for null, then the texts.</summary>
    public void Write(IReadOnlyList<string>? texts)
    {
        _writer.Write(texts?.Count ?? -1);
        foreach (var text in texts ?? []) _writer.Write(text);
    }

    /// <summary>Options, as JSON with the names of their properties.</summary>
    public void WriteOptions<T>(T options) => Write(JsonSerializer.SerializeToUtf8Bytes(options, StateReader.JsonOptions));

    /// <summary>Weights, as safetensors.</summary>
    public void Write(IReadOnlyList<WeightTensor> weights)
    {
        using var stream = new MemoryStream();
        SafetensorsFile.Write(stream, weights);
        Write(stream.GetBuffer().AsSpan(0, checked((int)stream.Length)));
    }
}
