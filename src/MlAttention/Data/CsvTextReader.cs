using System.Text;

namespace MlAttention.Data;

/// <summary>Opens a file as text: by its byte order mark if it has one, otherwise in the given encoding.</summary>
internal static class CsvTextReader
{
    /// <summary>
    /// What stands for bytes that the encoding does not allow: a Unicode noncharacter, which no real text holds. Throwing instead
    /// would name the wrong row, because the reader decodes blocks ahead of the parser.
    /// </summary>
    public const char InvalidBytes = '\uFFFF';

    /// <summary>Opens the file and says which encoding was taken.</summary>
    public static StreamReader Open(string path, Encoding? encoding)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16, FileOptions.SequentialScan);
        try
        {
            Span<byte> start = stackalloc byte[4];
            start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
            var (marked, markLength) = FromByteOrderMark(start);
            stream.Position = markLength;

            var chosen = (Encoding)(marked ?? encoding ?? Encoding.UTF8).Clone();
            chosen.DecoderFallback = new DecoderReplacementFallback(InvalidBytes.ToString());
            return new StreamReader(stream, chosen, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 15);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static (Encoding? Encoding, int Length) FromByteOrderMark(ReadOnlySpan<byte> start)
    {
        foreach (var encoding in new Encoding[] { Encoding.UTF8, Encoding.UTF32, Encoding.Unicode, Encoding.BigEndianUnicode })
            if (start.StartsWith(encoding.Preamble)) return (encoding, encoding.Preamble.Length);
        return (null, 0);
    }
}
