using System.Buffers;
using MlAttention.Data;

namespace MlAttention.Cli.Output;

/// <summary>Characters in the data that do not show and that nobody wrote: control characters, byte order marks, and marks of characters that were lost.</summary>
internal sealed class HiddenCharacters
{
    private const char Lost = '\uFFFD', ByteOrderMark = '\uFEFF';

    /// <summary>U+0000 to U+001F without tab and line breaks, U+007F to U+009F without the line break U+0085, and those above.</summary>
    private static readonly SearchValues<char> s_hidden = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n', '\r']),
        .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code).Except(['\u0085']), Lost, ByteOrderMark]);

    private readonly SortedSet<char> _found = [];
    private long _texts;
    private RowPlace _firstText;
    private readonly List<(string Label, RowPlace Place)> _labels = [];

    /// <summary>Looks at a text.</summary>
    public void Add(ReadOnlySpan<char> text, RowPlace place)
    {
        if (!text.ContainsAny(s_hidden)) return;
        if (_texts++ == 0) _firstText = place;
        foreach (char c in text)
            if (s_hidden.Contains(c)) _found.Add(c);
    }

    /// <summary>Looks at a label that was not seen before. It should hold no line break either, which comes of a missing quote, nor blanks alone.</summary>
    public void AddLabel(ReadOnlySpan<char> label, RowPlace place)
    {
        if (label.ContainsAny(s_hidden) || label.ContainsAny('\r', '\n') || label.IsWhiteSpace()) _labels.Add((label.ToString(), place));
    }

    /// <summary>The warnings.</summary>
    public IEnumerable<DataWarning> Warnings(DataWarnings words)
    {
        if (_texts > 0)
        {
            bool isWindows = _found.Any(c => c is >= '\u0080' and <= '\u009F');
            string advice = isWindows ? " If they stand for quotes or the euro sign, and the file is not UTF-8, it is windows-1252: give --encoding windows-1252."
                : _found.Contains(Lost) ? " U+FFFD stands for a character that was lost before, in another program." : "";
            yield return new(_texts, $"{DataSummary.Number(_texts, "text holds", "texts hold")} characters that do not show ({string.Join(", ", _found.Take(8).Select(c => "U+" + LookAlike.Code(c)[2..]))}{(_found.Count > 8 ? ", ..." : "")}); the first: {words.Place(_firstText)}.{advice}");
        }
        if (_labels.Count > 0)
            yield return new(_labels.Count, $"{DataSummary.Number(_labels.Count, "label holds", "labels hold")} line breaks, characters that do not show, or nothing but blanks: {DataWarnings.List(_labels.Select(label => $"{LookAlike.Quoted(label.Label)} ({words.Place(label.Place)})"))}. Line breaks come of a quote that is missing.");
    }
}
