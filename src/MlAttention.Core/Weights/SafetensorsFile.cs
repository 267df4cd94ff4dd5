using System.Buffers.Binary;

namespace MlAttention;

/// <summary>Reads and writes weights as safetensors, the format PyTorch users open with <c>safetensors.torch.load_file</c>.</summary>
/// <remarks>
/// Layout: 8 bytes, the header's length N, little-endian; N bytes of JSON, a map from each tensor's name to its dtype, shape and
/// data offsets, with an optional map of strings called "__metadata__"; then the values, row-major and little-endian.
/// Reading runs nothing that the file holds, and trusts nothing: every name, shape and offset is checked before memory is taken for it.
/// Source: https://github.com/huggingface/safetensors, section "Format".
/// </remarks>
public static class SafetensorsFile
{
    /// <summary>Reads all tensors of a file, in the order of their data.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The tensors as float32; F32, F64, F16 and BF16 are read.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or holds what float32 cannot; the message names the place.</exception>
    public static IReadOnlyList<WeightTensor> Read(string path) => Read(path, out _);

    /// <summary>Reads all tensors of a file, in the order of their data, and its metadata.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">The file's "__metadata__"; empty when it has none.</param>
    /// <returns>The tensors as float32; F32, F64, F16 and BF16 are read.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or holds what float32 cannot; the message names the place.</exception>
    public static IReadOnlyList<WeightTensor> Read(string path, out IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var stream = File.OpenRead(path);
        return Read(stream, path, out metadata);
    }

    /// <summary>Reads some tensors of a file; its others are left alone, and may be of any data type.</summary>
    /// <param name="path">The file.</param>
    /// <param name="names">The names of the tensors.</param>
    /// <returns>The tensors as float32, in the order of the names; F32, F64, F16 and BF16 are read.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, lacks a tensor, or has it in a data type that float32 cannot hold; the message names the place.</exception>
    public static IReadOnlyList<WeightTensor> Read(string path, IEnumerable<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(names);
        using var reader = SafetensorsReader.Open(path);
        return [.. names.Select(reader.Read)];
    }

    /// <summary>Reads all tensors from a stream's position to its end, in the order of their data, and the metadata.</summary>
    /// <param name="stream">A readable stream; left open.</param>
    /// <param name="metadata">The "__metadata__"; empty when there is none.</param>
    /// <returns>The tensors as float32; F32, F64, F16 and BF16 are read.</returns>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    public static IReadOnlyList<WeightTensor> Read(Stream stream, out IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Read(stream, "safetensors stream", out metadata);
    }

    /// <summary>Reads all tensors from a stream's position to its end, in the order of their data.</summary>
    /// <param name="stream">A readable stream; left open.</param>
    /// <returns>The tensors as float32; F32, F64, F16 and BF16 are read.</returns>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    public static IReadOnlyList<WeightTensor> Read(Stream stream) => Read(stream, out _);

    /// <summary>Writes the tensors as F32 in the given order. The file appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="weights">The tensors; their names differ.</param>
    /// <param name="metadata">Strings to keep beside the tensors; none by default.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    public static void Write(string path, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => Write(stream, weights, metadata));
    }

    /// <summary>Writes the tensors as F32 in the given order.</summary>
    /// <param name="stream">A writable stream; left open.</param>
    /// <param name="weights">The tensors; their names differ.</param>
    /// <param name="metadata">Strings to keep beside the tensors; none by default.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    public static void Write(Stream stream, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(weights);
        byte[] header = SafetensorsHeader.Format(weights, metadata);
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var weight in weights) stream.Write(SafetensorsElements.ToBytes(weight.Values));
    }

    /// <summary>The bytes of a file with the tensors as F32 in the given order, and with the metadata.</summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    internal static byte[] ToBytes(IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Write(stream, weights, metadata);
        return stream.ToArray();
    }

    /// <summary>Reads all tensors of a file in memory, in the order of their data, and its metadata.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <param name="metadata">The "__metadata__"; empty when there is none.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    internal static IReadOnlyList<WeightTensor> Read(byte[] bytes, string place, out IReadOnlyDictionary<string, string> metadata)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return Read(stream, place, out metadata);
    }

    private static WeightTensor[] Read(Stream stream, string place, out IReadOnlyDictionary<string, string> metadata)
    {
        if (!stream.CanSeek)
        {
            var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            buffer.Position = 0;
            stream = buffer;
        }
        var reader = new SafetensorsReader(stream, place);      // not disposed: the stream is the caller's
        metadata = reader.Metadata;
        return [.. reader.Names.Select(reader.Read)];
    }
}

/// <summary>An open safetensors file: its names and metadata at once, values of the tensors that are asked for.</summary>
internal sealed class SafetensorsReader : IDisposable
{
    private const int ListedNames = 10;

    private readonly Stream _stream;
    private readonly string _place;
    private readonly SafetensorsHeader _header;
    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly long _data;

    /// <summary>Reads the header at a stream's position.</summary>
    /// <param name="stream">A stream that can seek; disposed with the reader.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <exception cref="InvalidDataException">The header is damaged or does not fit the stream's length.</exception>
    public SafetensorsReader(Stream stream, string place)
    {
        _stream = stream;
        _place = place;
        _header = SafetensorsHeader.Read(stream, place);
        _entries = _header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        _data = stream.Position;
    }

    /// <summary>The tensors' names, in the order of their data.</summary>
    public IEnumerable<string> Names => _header.Entries.Select(entry => entry.Name);

    /// <summary>The file's "__metadata__"; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The header is damaged or does not fit the file's length.</exception>
    public static SafetensorsReader Open(string path)
    {
        var stream = File.OpenRead(path);
        try
        {
            return new SafetensorsReader(stream, path);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The tensor of this name, as float32.</summary>
    /// <exception cref="InvalidDataException">There is none, or it cannot be read as float32.</exception>
    public WeightTensor Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"{_place} has no weight '{name}'; it has {List(Names)}.");
        entry.RequireReadable(_place);
        byte[] bytes = new byte[entry.End - entry.Begin];
        _stream.Position = _data + entry.Begin;
        _stream.ReadExactly(bytes);
        return new WeightTensor(name, Array.ConvertAll(entry.Shape, size => (int)size), SafetensorsElements.ToFloats(entry, bytes, _place));
    }

    /// <summary>The first names, for errors.</summary>
    public static string List(IEnumerable<string> names)
    {
        string[] first = [.. names.Take(ListedNames + 1).Select(name => $"'{name}'")];
        return string.Join(", ", first.Take(ListedNames)) + (first.Length > ListedNames ? ", ..." : "");
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _stream.Dispose();
}
