using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML;

/// <summary>An entry of a model file: a payload and its SHA-256, stored uncompressed so that reading needs no more memory than the file has bytes.</summary>
internal static class ModelEntry
{
    public static void Write(ZipArchive archive, string name, Action<ModelWriter> write)
    {
        using var payload = new MemoryStream();
        using (var writer = new ModelWriter(payload))
        {
            write(writer);
        }

        using Stream stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        ReadOnlySpan<byte> bytes = payload.GetBuffer().AsSpan(0, (int)payload.Length);
        stream.Write(bytes);
        stream.Write(Digest(name, bytes));
    }

    public static ModelReader Open(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name)
            ?? throw new InvalidDataException($"The model file has no entry '{name}': it is not complete.");
        if (entry.Length != entry.CompressedLength || entry.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"The entry '{name}' of the model file is compressed or larger than 2 GB; this is not how it was written.");
        }

        byte[] bytes;
        using (Stream stream = entry.Open())
        using (var buffer = new MemoryStream())
        {
            stream.CopyTo(buffer);
            bytes = buffer.ToArray();
        }

        int length = bytes.Length - SHA256.HashSizeInBytes;
        if (length < 0 || !Digest(name, bytes.AsSpan(0, length)).AsSpan().SequenceEqual(bytes.AsSpan(length)))
        {
            throw new InvalidDataException($"The entry '{name}' of the model file is damaged: its content does not match its checksum.");
        }

        return new ModelReader(name, bytes.AsMemory(0, length));
    }

    private static byte[] Digest(string name, ReadOnlySpan<byte> payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(name));
        hash.AppendData(payload);
        return hash.GetHashAndReset();
    }
}
