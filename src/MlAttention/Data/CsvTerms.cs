namespace MlAttention.Data;

/// <summary>What the settings of CSV reading are called where the user sets them, so that errors name them in the words of the layer that the user called.</summary>
/// <remarks>The defaults are the library's words; a layer above puts its own in <see cref="CsvOptions.Terms"/>.</remarks>
internal sealed record CsvTerms
{
    /// <summary>The columns with the text.</summary>
    public string Text { get; init; } = "CsvOptions.TextColumns";

    /// <summary>The column with the label.</summary>
    public string Label { get; init; } = "CsvOptions.LabelColumn";

    /// <summary>The column with the weight.</summary>
    public string Weight { get; init; } = "CsvOptions.WeightColumn";

    /// <summary>The further columns.</summary>
    public string Kept { get; init; } = "CsvOptions.KeptColumns";

    /// <summary>What separates fields.</summary>
    public string Delimiter { get; init; } = "CsvOptions.Delimiter";

    /// <summary>The encoding.</summary>
    public string Encoding { get; init; } = "CsvOptions.Encoding";

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

    /// <summary>How numbers are written.</summary>
    public string Culture { get; init; } = "CsvOptions.Culture";

    /// <summary>How it is said that labels are texts.</summary>
    public string TextLabels { get; init; } = "CsvOptions.LabelKind = Text";
}
