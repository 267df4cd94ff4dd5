using System.IO.Compression;
using System.IO.Hashing;
using MlAttention.Streams;

namespace MlAttention.Persistence;

/// <summary>Opens model files that hold this library's components.</summary>
internal static class ModelFile
{
    /// <summary>Loads a file.</summary>
    public static ITransformer Load(ModelOperationsCatalog catalog, string path, Func<byte[], ITransformer> open, out DataViewSchema inputSchema)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Load(catalog, stream, path, open, out inputSchema);
    }

    /// <summary>
    /// Loads from where ML.NET's Model.Load does: a stream that can seek is the file from its first byte, wherever it stands, since a zip
    /// is read from its end; of another one the rest is read.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged, hostile, of a newer version, or no ML.NET model.</exception>
    public static ITransformer Load(ModelOperationsCatalog catalog, Stream stream, string place, Func<byte[], ITransformer> open, out DataViewSchema inputSchema)
    {
        try
        {
            using var seekable = Seekable(stream);
            ModelFileCheck.Check(seekable, place);
            return ModelCarrier.Replace(catalog.Load(seekable, out inputSchema), open);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(exception.Message.Contains(place, StringComparison.Ordinal) ? exception.Message : $"{place} cannot be loaded: {exception.Message}", exception);
        }
        catch (Exception exception) when (IsAboutContent(exception))
        {
            throw new InvalidDataException($"{place} is damaged, or is not an ML.NET model: {exception.Message}", exception);
        }
    }

    /// <summary>What ML.NET's reader throws when it stumbles over bytes; errors of the machine are not about the file.</summary>
    private static bool IsAboutContent(Exception exception) => exception is
        ArgumentException or FormatException or InvalidOperationException or NotSupportedException or OverflowException or
        IndexOutOfRangeException or InvalidCastException or NullReferenceException or EndOfStreamException or
        System.Reflection.TargetInvocationException or KeyNotFoundException;

    /// <summary>What ML.NET may dispose; the caller's stream stays open.</summary>
    private static Stream Seekable(Stream stream)
    {
        if (stream.CanSeek) return new UnownedStream(stream);
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}

/// <summary>Reads a model file through once before ML.NET opens it, in constant memory: names, sizes and checksums of its entries.</summary>
internal static class ModelFileCheck
{
    private const int MaxEntries = 100_000;
    private const long MaxTotalLength = 8L << 30;

    /// <param name="stream">A seekable stream; its position is restored.</param>
    /// <param name="place">What the file is called in errors.</param>
    /// <exception cref="InvalidDataException">The file is no zip, is damaged, or has entries that no model has.</exception>
    public static void Check(Stream stream, string place)
    {
        var start = stream.Position;
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true))
        {
            if (archive.Entries.Count > MaxEntries) throw Damaged(place, $"it has {archive.Entries.Count} entries");
            var buffer = new byte[1 << 16];
            var total = 0L;
            foreach (var entry in archive.Entries)
            {
                RequireInside(entry.FullName, place);
                total += CheckEntry(entry, buffer, MaxTotalLength - total, place);
            }
        }

        stream.Position = start;
    }

    private static void RequireInside(string name, string place)
    {
        var parts = name.Split('/', '\\');
        if (name.Length == 0 || parts.Contains("..") || parts[0].Length == 0 || name.Contains(':', StringComparison.Ordinal))
            throw Damaged(place, $"its entry '{name}' points outside of the file");
    }

    private static long CheckEntry(ZipArchiveEntry entry, byte[] buffer, long allowed, string place)
    {
        using var stream = entry.Open();
        var checksum = new Crc32();
        var length = 0L;
        while (stream.Read(buffer) is var read and > 0)
        {
            length += read;
            if (length > allowed || length > entry.Length) throw Damaged(place, $"its entry '{entry.FullName}' is larger than it says or than a model can be");
            checksum.Append(buffer.AsSpan(0, read));
        }

        if (length != entry.Length || checksum.GetCurrentHashAsUInt32() != entry.Crc32) throw Damaged(place, $"the checksum of its entry '{entry.FullName}' differs");
        return length;
    }

    private static InvalidDataException Damaged(string place, string reason) => new($"{place} is damaged: {reason}.");
}
