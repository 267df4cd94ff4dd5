using System.Globalization;

namespace MlAttention.Data;

/// <summary>What one pass over the files left out, counted, with the first place of each kind.</summary>
internal sealed class CsvReadingNotes
{
    private long _rowsRead;
    private long _badRows;
    private CsvDataException? _firstBadRow;
    private long _repeatedHeaders;
    private string _firstRepeatedHeader = "";
    private long _marks;
    private string _firstMark = "";

    /// <summary>A row was read.</summary>
    public void Read() => _rowsRead++;

    /// <summary>A bad row was left out.</summary>
    public void BadRow(CsvDataException error)
    {
        _badRows += error.LinesLost;
        _firstBadRow ??= error;
    }

    /// <summary>A row that repeats the header was left out.</summary>
    public void RepeatedHeader(string file, long row)
    {
        if (_repeatedHeaders++ == 0) _firstRepeatedHeader = string.Create(CultureInfo.InvariantCulture, $"{file}, row {row}");
    }

    /// <summary>A file is read to its end.</summary>
    public void EndOf(string file, CsvTextReader text)
    {
        if (text.MarksLeftOut > 0 && _marks == 0) _firstMark = string.Create(CultureInfo.InvariantCulture, $"{file}, line {text.FirstMarkLine}");
        _marks += text.MarksLeftOut;
    }

    /// <summary>A sentence for each kind.</summary>
    public IEnumerable<string> Sentences()
    {
        if (_firstBadRow is not null)
            yield return string.Create(CultureInfo.InvariantCulture, $"{_badRows} of {_badRows + _rowsRead} rows were bad and left out; the first: {_firstBadRow.Message}");
        if (_repeatedHeaders > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Count(_repeatedHeaders, "row repeats", "rows repeat")} the header, as in files joined with cat; left out; the first: {_firstRepeatedHeader}.");
        if (_marks > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{Count(_marks, "line begins", "lines begin")} with a byte order mark (U+FEFF), as in files joined with cat; the marks are left out; the first: {_firstMark}.");
    }

    private static string Count(long count, string one, string several) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : several)}");
}
