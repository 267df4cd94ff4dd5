namespace MlAttention.Cli.Commands;

/// <summary>How CSV files are read, in the words of the command line. A model file keeps those it was trained with; the other commands read that way unless told otherwise.</summary>
internal sealed record CsvSettings
{
    /// <summary>--text: columns by name or, without a header, by index.</summary>
    public IReadOnlyList<string> Text { get; init; } = ["Text"];

    /// <summary>--label: a column as above.</summary>
    public string Label { get; init; } = "Label";

    /// <summary>--delimiter</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>--quote: a character, or "none".</summary>
    public string Quote { get; init; } = "\"";

    /// <summary>--encoding</summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>--no-header</summary>
    public bool NoHeader { get; init; }

    /// <summary>--trim</summary>
    public bool Trim { get; init; }
}
