namespace MlAttention.Reporting;

/// <summary>A table of the report, whatever the format that shows it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Columns">Names of the columns.</param>
/// <param name="NumericFrom">Index of the first column with numbers, which are aligned to the right.</param>
/// <param name="Rows">Cells as plain text; none is escaped for any format yet.</param>
internal sealed record ReportTable(string Title, IReadOnlyList<string> Columns, int NumericFrom, IReadOnlyList<IReadOnlyList<string>> Rows);
