namespace MlAttention;

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

/// <summary>What the settings of CSV reading are called where the user sets them, so that errors name them in the words of the layer that the user called.</summary>
/// <remarks>The defaults are the library's words; a layer above puts its own in <see cref="CsvOptions.Terms"/>.</remarks>
internal sealed record CsvTerms
{
    public string Text { get; init; } = "CsvOptions.TextColumns";

    public string Label { get; init; } = "CsvOptions.LabelColumn";

    public string Labels { get; init; } = "CsvOptions.LabelColumns";

    public string Weight { get; init; } = "CsvOptions.WeightColumn";

    public string Kept { get; init; } = "CsvOptions.KeptColumns";

    public string Delimiter { get; init; } = "CsvOptions.Delimiter";

    public string Encoding { get; init; } = "CsvOptions.Encoding";

    public string Culture { get; init; } = "CsvOptions.Culture";

    /// <summary>How the encoding windows-1252 is given.</summary>
    public string Windows1252 { get; init; } = "CodePagesEncodingProvider.Instance.GetEncoding(1252)";

    /// <summary>How it is said that the file quotes nothing.</summary>
    public string NoQuote { get; init; } = "CsvOptions.Quote = null";

    /// <summary>How it is said that blanks around names and labels do not count.</summary>
    public string Trim { get; init; } = "CsvOptions.Trim = true";

    /// <summary>What to do when several columns have the same name.</summary>
    public string SameName { get; init; } = "Give the column by its 0-based index.";

    /// <summary>How a longer field is allowed; null when it cannot be.</summary>
    public string? LongerFields { get; init; } = "set CsvOptions.MaxFieldLength higher";

    /// <summary>How it is said that labels are texts.</summary>
    public string TextLabels { get; init; } = "CsvOptions.LabelKind = Text";
}
