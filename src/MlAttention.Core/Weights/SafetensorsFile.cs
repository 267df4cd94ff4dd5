using System.Buffers.Binary;

namespace MlAttention;

/// <summary>Reads and writes weights as safetensors, the format PyTorch users open with <c>safetensors.torch.load_file</c>.</summary>
/// <remarks>
/// Layout: 8 bytes, the header's length N, little-endian; N bytes of JSON, a map from each tensor's name to its dtype, shape and
/// data offsets, with an optional map of strings called "__metadata__"; then the values, row-major and little-endian.
/// Reading runs nothing that the file holds, and trusts nothing: every name, shape and offset is checked before memory is taken for it.
/// Small files may stand beside the weights, as tensors of bytes (U8, one dimension) with a slash in their name, such as
/// "tokenizer/vocab.txt"; who reads weights is not given them.
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
    public static void Write(string path, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null) =>
        Write(path, weights, metadata, NoFiles);

    /// <summary>Writes the tensors as F32 in the given order.</summary>
    /// <param name="stream">A writable stream; left open.</param>
    /// <param name="weights">The tensors; their names differ.</param>
    /// <param name="metadata">Strings to keep beside the tensors; none by default.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    public static void Write(Stream stream, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(weights);
        var parts = Parts(weights, NoFiles);
        Write(stream, SafetensorsHeader.Format(parts, metadata), parts);
    }

    /// <summary>Writes the tensors as F32, and small files beside them. The file appears whole or not at all.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="weights">The tensors; their names differ.</param>
    /// <param name="metadata">Strings to keep beside the tensors.</param>
    /// <param name="files">The files' bytes by their names, each of which has a slash.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    internal static void Write(string path, IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata, IReadOnlyDictionary<string, byte[]> files)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(weights);
        WriteParts(path, Parts(weights, files), metadata);
    }

    /// <summary>Writes tensors from where their values stand, in the given order. The file appears whole or not at all.</summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    internal static void WriteParts(string path, IReadOnlyList<SafetensorsPart> parts, IReadOnlyDictionary<string, string>? metadata) =>
        AtomicFile.Write(path, stream => Write(stream, SafetensorsHeader.Format(parts, metadata), parts));

    /// <summary>The bytes of a file with the tensors as F32 in the given order, with the metadata, and with small files beside them.</summary>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, or values and shape disagree.</exception>
    internal static byte[] ToBytes(IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, string>? metadata = null, IReadOnlyDictionary<string, byte[]>? files = null)
    {
        var parts = Parts(weights, files ?? NoFiles);
        byte[] header = SafetensorsHeader.Format(parts, metadata);
        byte[] bytes = new byte[checked(sizeof(long) + header.Length + parts.Sum(part => part.ByteCount))];
        using var stream = new MemoryStream(bytes);
        Write(stream, header, parts);
        return bytes;
    }

    /// <summary>Reads all tensors of a file in memory, in the order of their data, and its metadata.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <param name="metadata">The "__metadata__"; empty when there is none.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    internal static IReadOnlyList<WeightTensor> Read(byte[] bytes, string place, out IReadOnlyDictionary<string, string> metadata) =>
        Read(bytes, place, out metadata, out _);

    /// <summary>Reads all tensors of a file in memory, its metadata, and the files beside the weights.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <param name="metadata">The "__metadata__"; empty when there is none.</param>
    /// <param name="files">The bytes of each file beside the weights, by its name.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    internal static IReadOnlyList<WeightTensor> Read(byte[] bytes, string place, out IReadOnlyDictionary<string, string> metadata, out IReadOnlyDictionary<string, byte[]> files)
    {
        using var reader = new SafetensorsReader(new MemoryStream(bytes, writable: false), place);
        return Read(reader, out metadata, out files);
    }

    /// <summary>Reads all tensors of a file, its metadata, and the files beside the weights.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">The "__metadata__"; empty when there is none.</param>
    /// <param name="files">The bytes of each file beside the weights, by its name.</param>
    /// <exception cref="InvalidDataException">The data is damaged, or holds what float32 cannot; the message names the place.</exception>
    internal static IReadOnlyList<WeightTensor> Read(string path, out IReadOnlyDictionary<string, string> metadata, out IReadOnlyDictionary<string, byte[]> files)
    {
        using var reader = SafetensorsReader.Open(path);
        return Read(reader, out metadata, out files);
    }

    private static IReadOnlyDictionary<string, byte[]> NoFiles { get; } = new Dictionary<string, byte[]>();

    private static SafetensorsPart[] Parts(IReadOnlyList<WeightTensor> weights, IReadOnlyDictionary<string, byte[]> files) =>
        [.. weights.Select(SafetensorsPart.Of), .. files.Select(file => SafetensorsPart.OfFile(file.Key, file.Value))];

    private static void Write(Stream stream, byte[] header, IReadOnlyList<SafetensorsPart> parts)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var part in parts) part.WriteTo(stream);
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
        return Read(new SafetensorsReader(stream, place), out metadata, out _);      // the reader is not disposed: the stream is the caller's
    }

    private static WeightTensor[] Read(SafetensorsReader reader, out IReadOnlyDictionary<string, string> metadata, out IReadOnlyDictionary<string, byte[]> files)
    {
        metadata = reader.Metadata;
        files = reader.FileNames.ToDictionary(name => name, reader.ReadFile, StringComparer.Ordinal);
        return [.. reader.Names.Select(reader.Read)];
    }
}
