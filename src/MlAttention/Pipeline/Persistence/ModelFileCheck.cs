using System.IO.Compression;

namespace MlAttention.Pipeline.Persistence;

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
            checksum.Add(buffer.AsSpan(0, read));
        }

        if (length != entry.Length || checksum.Value != entry.Crc32) throw Damaged(place, $"the checksum of its entry '{entry.FullName}' differs");
        return length;
    }

    private static InvalidDataException Damaged(string place, string reason) => new($"{place} is damaged: {reason}.");
}
