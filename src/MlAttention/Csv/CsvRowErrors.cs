using CsvHelper;

namespace MlAttention.Csv;

/// <summary>The errors of one file's rows: what is wrong in the current row, where, and what can be done, in the words of <see cref="CsvTerms"/>.</summary>
internal sealed class CsvRowErrors(string file, CsvParser parser, CsvTextReader text, CsvOptions options)
{
    private const int LongestExcerpt = 60; // characters

    private readonly CsvTerms _terms = options.Terms;

    /// <summary>The names in the header; none without one, or before it is read.</summary>
    public string[] Header { get; set; } = [];

    /// <summary>Any problem of the current row.</summary>
    public CsvDataException Problem(string problem, int? column = null) => Problem(problem, column, linesLost: 1, endsReading: false);

    /// <summary>The row has another number of fields than the first, or quotes that make it seem so.</summary>
    public CsvDataException FieldCount(int expected) => Quotes() ?? Problem(
        $"the row has {Fields(parser.Count)}, but the {(options.HasHeader ? "header" : "first row")} has {Fields(expected)}{Present()}. " +
        (parser.Count < expected ? "Add the missing delimiters." : "Quote the fields that hold a delimiter."));

    /// <summary>The field's quotes are wrong.</summary>
    public CsvDataException Quotes(int column) => Quotes() ?? Problem($"got {Quoted(parser[column])}, whose quotes are wrong. Close them, and double those inside the field.", column);

    /// <summary>A field is too long to be one.</summary>
    public CsvDataException FieldTooLong(MaxFieldSizeException cause) => new(string.Create(CultureInfo.InvariantCulture,
        $"a field is longer than {options.MaxFieldLength} characters. A quote that opens in this row may not be closed; close it{(_terms.LongerFields is null ? "" : ", or " + _terms.LongerFields)}."),
        file, parser.Row, innerException: cause) { EndsReading = true };

    /// <summary>The first row holds zero bytes.</summary>
    public CsvDataException ZeroBytes() => Problem(
        $"the first row holds zero bytes (NUL characters), as UTF-16 read in another encoding does. Set {_terms.Encoding} to {(parser.RawRecord[0] == '\0' ? "utf-16BE" : "utf-16")}, or save the file as UTF-8.");

    /// <summary>The field holds bytes that the encoding does not allow.</summary>
    public CsvDataException WrongEncoding(int column, string value)
    {
        var encoding = text.Encoding.WebName;
        return Problem($"got {Quoted(value.Replace(CsvTextReader.InvalidBytes, '\uFFFD'))}, which holds bytes that are not {encoding}. " +
            $"Set {_terms.Encoding} to the file's encoding, for example {_terms.Windows1252} for a file that Excel saved as CSV in western Europe or America, or save the file as {encoding}.", column);
    }

    /// <summary>The field should be a number.</summary>
    public CsvDataException Number(int column, string value, string expected) => Problem(
        $"got {Quoted(value)}, expected {expected} of the {(options.Culture.Name.Length == 0 ? "invariant" : options.Culture.Name)} culture{Present()}. Correct the value, or set {_terms.Culture}.", column);

    /// <summary>The field should be a Boolean.</summary>
    public CsvDataException Boolean(int column, string value) => Problem(
        $"got {Quoted(value)}, expected true or false, yes or no, 1 or 0{Present()}. Correct the value, or set {_terms.TextLabels}.", column);

    private CsvDataException? Quotes()
    {
        if (options.Quote is not { } quote) return null;
        string record = parser.RawRecord;
        if (CsvQuoteFault.In(record, options.Delimiter, quote) is not { } fault) return null;
        string field = $"'{Excerpt(FirstLineOf(record[fault.Start..]))}'";
        if (fault.Kind == CsvQuoteFaultKind.InPlainField)
            return Problem($"got {field}, which has a quote where none may be. Put the field in quotes and double those inside it, or set {_terms.NoQuote} when the file quotes nothing.", fault.Field);
        if (fault.Kind == CsvQuoteFaultKind.TextAfterClosing)
            return Problem($"text follows the closing quote in {field}. Double the quotes inside the field, or set {_terms.NoQuote} when the file quotes nothing.", fault.Field);

        // The parser's line is the one on which the record ends; the break behind the record counts only where it still stands in quotes.
        bool toTheEnd = fault.End == record.Length;
        var counted = toTheEnd ? record : record.AsSpan().TrimEnd("\r\n");
        long first = parser.RawRow - Breaks(counted), last = first + Breaks(record.AsSpan().TrimEnd("\r\n"));
        long opens = first + Breaks(record.AsSpan(0, fault.Start)), ends = toTheEnd ? last : first + Breaks(record.AsSpan(0, fault.End).TrimEnd("\r\n"));
        string where = string.Create(CultureInfo.InvariantCulture, $"on line {opens}{(ends == opens ? "" : $", and the field goes on to line {ends}")}");
        return Problem($"a quote that is not closed: it opens {where}{(toTheEnd ? ", the end of the file" : "")}, before {field}. Close it, and double the quotes inside the field.",
            fault.Field, linesLost: last - first + 1, endsReading: toTheEnd && ends > opens);
    }

    private CsvDataException Problem(string problem, int? column, long linesLost, bool endsReading) => new(problem, file,
        row: parser.Row > 0 ? parser.Row : null,
        column: column is not { } index ? null : index < Header.Length ? LookAlike.Quoted(Header[index]) : index.ToString(CultureInfo.InvariantCulture))
        { LinesLost = linesLost, EndsReading = endsReading };

    private string Present() => Header.Length > 0 ? $" ({CsvHeader.List(Header)})" : "";

    private static long Breaks(ReadOnlySpan<char> record) => record.Count('\n') + record.Count('\r') - record.Count("\r\n");

    private static string Fields(int count) => count == 1 ? "1 field" : string.Create(CultureInfo.InvariantCulture, $"{count} fields");

    private static string Quoted(string value) => $"\"{Excerpt(value.ReplaceLineEndings(" "))}\"";

    private static string Excerpt(string line) => line.Length <= LongestExcerpt ? line : line[..LongestExcerpt] + "...";

    private static string FirstLineOf(string text) => text.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? text[..end] : text;
}

/// <summary>How quotes can be wrong.</summary>
internal enum CsvQuoteFaultKind
{
    /// <summary>A quote stands in a field that does not begin with one.</summary>
    InPlainField,
    /// <summary>Text follows a closing quote on the line on which the field begins.</summary>
    TextAfterClosing,
    /// <summary>A field goes on to a later line, and text follows the quote that closes it there, or none does.</summary>
    NotClosed,
}

/// <summary>The first place in a record where its quotes break the rules of RFC 4180.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Field">0-based index of the field.</param>
/// <param name="Start">Where the field begins in the record.</param>
/// <param name="End">Where the fault was noticed.</param>
internal sealed record CsvQuoteFault(CsvQuoteFaultKind Kind, int Field, int Start, int End)
{
    /// <summary>Finds it; null when all quotes are right.</summary>
    public static CsvQuoteFault? In(ReadOnlySpan<char> record, string delimiter, char quote)
    {
        for (int field = 0, start = 0; ; field++)
        {
            int end;
            if (start < record.Length && record[start] == quote)
            {
                end = AfterClosingQuote(record, start, quote);
                var goesOn = record[start..end].ContainsAny('\r', '\n');
                if (!IsClosed(record[start..end], quote)) return new(CsvQuoteFaultKind.NotClosed, field, start, end);
                if (!EndsField(record[end..], delimiter)) return new(goesOn ? CsvQuoteFaultKind.NotClosed : CsvQuoteFaultKind.TextAfterClosing, field, start, end);
            }
            else
            {
                end = start;
                while (!EndsField(record[end..], delimiter)) end++;
                if (record[start..end].IndexOf(quote) is var at and >= 0) return new(CsvQuoteFaultKind.InPlainField, field, start, start + at);
            }

            if (end == record.Length || record[end] is '\r' or '\n') return null;
            start = end + delimiter.Length;
        }
    }

    // Two quotes inside a quoted field stand for one.
    private static int AfterClosingQuote(ReadOnlySpan<char> record, int start, char quote)
    {
        for (var i = start + 1; i < record.Length; i++)
        {
            if (record[i] != quote) continue;
            if (i + 1 == record.Length || record[i + 1] != quote) return i + 1;
            i++;
        }

        return record.Length;
    }

    // An odd number of quotes after the first closes the field.
    private static bool IsClosed(ReadOnlySpan<char> field, char quote) => field[1..].Count(quote) % 2 == 1;

    private static bool EndsField(ReadOnlySpan<char> rest, string delimiter) => rest.IsEmpty || rest[0] is '\r' or '\n' || rest.StartsWith(delimiter, StringComparison.Ordinal);
}
