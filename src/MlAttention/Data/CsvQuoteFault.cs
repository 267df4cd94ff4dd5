namespace MlAttention.Data;

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

    private static bool IsClosed(ReadOnlySpan<char> field, char quote)
    {
        // An odd number of quotes after the first closes the field.
        return field[1..].Count(quote) % 2 == 1;
    }

    private static bool EndsField(ReadOnlySpan<char> rest, string delimiter) => rest.IsEmpty || rest[0] is '\r' or '\n' || rest.StartsWith(delimiter, StringComparison.Ordinal);
}
