using System.Text;

namespace MlAttention.Csv;

/// <summary>The text of a source: in the encoding of its byte order mark if it has one, otherwise in the given encoding.</summary>
/// <remarks>A byte order mark at the start of a later line, as in files joined with cat, belongs to no field: it is left out and counted.</remarks>
internal sealed class CsvTextReader : TextReader
{
    /// <summary>
    /// What stands for bytes that the encoding does not allow: a Unicode noncharacter, which no real text holds. Throwing instead
    /// would name the wrong row, because the reader decodes blocks ahead of the parser.
    /// </summary>
    public const char InvalidBytes = '\uFFFF';

    private const char ByteOrderMark = '\uFEFF';

    private readonly StreamReader _text;
    private char _previous = '\n';
    private long _line = 1;

    private CsvTextReader(StreamReader text) => _text = text;

    /// <summary>The encoding that was taken.</summary>
    public Encoding Encoding => _text.CurrentEncoding;

    /// <summary>Whether nothing at all has been read.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>Byte order marks left out so far.</summary>
    public long MarksLeftOut { get; private set; }

    /// <summary>1-based line of the first of them.</summary>
    public long FirstMarkLine { get; private set; }

    /// <summary>Opens the source.</summary>
    /// <exception cref="CsvDataException">It cannot be opened, or is compressed and damaged.</exception>
    public static CsvTextReader Open(CsvSource source, Encoding? encoding)
    {
        var marked = EncodingOfMark(source);
        var stream = source.Open();
        try
        {
            if (marked is not null) stream.ReadExactly(new byte[marked.Preamble.Length]);
            var chosen = (Encoding)(marked ?? encoding ?? Encoding.UTF8).Clone();
            chosen.DecoderFallback = new DecoderReplacementFallback(InvalidBytes.ToString());
            return new CsvTextReader(new StreamReader(stream, chosen, detectEncodingFromByteOrderMarks: false, bufferSize: 1 << 15));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public override int Read(Span<char> buffer)
    {
        while (_text.Read(buffer) is var count and > 0)
        {
            IsEmpty = false;
            var kept = LeaveOutMarks(buffer[..count]);
            if (kept > 0) return kept;
        }

        return 0;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read()
    {
        Span<char> one = stackalloc char[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _text.Dispose();
        base.Dispose(disposing);
    }

    private static Encoding? EncodingOfMark(CsvSource source)
    {
        using var stream = source.Open();
        Span<byte> start = stackalloc byte[4];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        foreach (var encoding in new Encoding[] { Encoding.UTF8, Encoding.UTF32, Encoding.Unicode, Encoding.BigEndianUnicode })
            if (start.StartsWith(encoding.Preamble)) return encoding;
        return null;
    }

    /// <summary>Moves the text together over the marks.</summary>
    /// <returns>The length that is left.</returns>
    private int LeaveOutMarks(Span<char> text)
    {
        var kept = 0;
        while (text[kept..].IndexOf(ByteOrderMark) is var found and >= 0)
        {
            Pass(text[kept..(kept + found)]);
            kept += found;
            if (_previous is not ('\n' or '\r'))
            {
                Pass(text.Slice(kept++, 1));
                continue;
            }

            if (MarksLeftOut++ == 0) FirstMarkLine = _line;
            text[(kept + 1)..].CopyTo(text[kept..]);
            text = text[..^1];
        }

        Pass(text[kept..]);
        return text.Length;
    }

    /// <summary>Keeps account of the line, as long as no mark was found.</summary>
    private void Pass(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return;
        for (var rest = text; MarksLeftOut == 0 && rest.IndexOfAny('\r', '\n') is var end and >= 0; rest = rest[(end + 1)..])
        {
            var before = end > 0 ? rest[end - 1] : _previous;
            if (rest[end] == '\r' || before != '\r') _line++;
            _previous = rest[end];
        }

        _previous = text[^1];
    }
}
