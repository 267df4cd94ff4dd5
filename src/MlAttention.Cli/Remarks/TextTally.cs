using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MlAttention.Cli.Remarks;

/// <summary>Which texts a data set has, how often, and under which labels; as hashes of 128 bits, so that memory does not grow with their length.</summary>
internal sealed class TextTally
{
    private readonly Dictionary<UInt128, Seen> _texts = [];

    /// <summary>A text of the data.</summary>
    /// <param name="First">Place of its first row.</param>
    /// <param name="Class">Class of its first row; -1 without a label.</param>
    /// <param name="Rows">How many rows have it.</param>
    /// <param name="Contradicts">Place of the first row that has it under another label; null for none.</param>
    public readonly record struct Seen(RowPlace First, int Class, int Rows, RowPlace? Contradicts);

    /// <summary>Different texts.</summary>
    public int Count => _texts.Count;

    /// <summary>All of them, by hash, in the order of their first rows.</summary>
    public IEnumerable<KeyValuePair<UInt128, Seen>> All => _texts;

    /// <summary>Adds a row.</summary>
    /// <returns>The text as it was seen before; null for a new one.</returns>
    public Seen? Add(ReadOnlySpan<char> text, RowPlace place, int labelClass)
    {
        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, Hash(text), out bool exists);
        var before = seen;
        seen = !exists ? new Seen(place, labelClass, 1, null)
            : before with { Rows = before.Rows + 1, Contradicts = before.Contradicts ?? (labelClass >= 0 && before.Class >= 0 && labelClass != before.Class ? place : null) };
        return exists ? before : null;
    }

    /// <summary>The text with this hash, if it is among them.</summary>
    public Seen? Find(UInt128 hash) => _texts.TryGetValue(hash, out var seen) ? seen : null;

    private static UInt128 Hash(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}

/// <summary>Where a row stands.</summary>
/// <param name="File">0-based index of its file; -1 for data that comes from no file.</param>
/// <param name="Row">The row as a spreadsheet counts it; for data from no file, from 1.</param>
internal readonly record struct RowPlace(int File, long Row)
{
    /// <summary>The place of a cursor's row.</summary>
    public static RowPlace Of(Microsoft.ML.DataViewRow cursor) => cursor is CsvCursor { Place: var (file, row) } ? new(file, row) : new(-1, cursor.Position + 1);

    /// <summary>The place in words, for example "a.csv, row 12".</summary>
    public string In(IReadOnlyList<string> files) => ReportText.Invariant($"{(File < 0 ? "" : files[File] + ", ")}row {Row}");
}
