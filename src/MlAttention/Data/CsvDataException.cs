using System.Globalization;

namespace MlAttention.Data;

/// <summary>A CSV file cannot be read as the options say. The message is one line that names the place and the fix.</summary>
public sealed class CsvDataException : Exception
{
    /// <summary>An error without a place.</summary>
    public CsvDataException() { }

    /// <summary>An error without a place.</summary>
    public CsvDataException(string message) : base(message) { }

    /// <summary>An error without a place, with its cause.</summary>
    public CsvDataException(string message, Exception? innerException) : base(message, innerException) { }

    internal CsvDataException(string problem, string file, long? row = null, string? column = null, Exception? innerException = null)
        : base(Place(file, row, column) + problem, innerException)
    {
        FilePath = file;
        Row = row;
        Column = column;
    }

    /// <summary>The file, as it was given.</summary>
    public string? FilePath { get; }

    /// <summary>The row as a spreadsheet counts it: from 1, the header and blank lines included, a quoted line break not.</summary>
    public long? Row { get; }

    /// <summary>The column's name or index.</summary>
    public string? Column { get; }

    /// <summary>How many lines are lost with the row; more than 1 where a quote that is not closed takes in the lines after it.</summary>
    internal long LinesLost { get; init; } = 1;

    /// <summary>Whether the rows after this one cannot be told, so that it cannot be skipped.</summary>
    internal bool EndsReading { get; init; }

    private static string Place(string file, long? row, string? column) =>
        string.Create(CultureInfo.InvariantCulture, $"{file}{(row is null ? "" : $", row {row}")}{(column is null ? "" : $", column {column}")}: ");
}
