using MlAttention.Data;
using MlAttention.Reporting;

namespace MlAttention.Cli.Output;

/// <summary>Where a row stands.</summary>
/// <param name="File">0-based index of its file; -1 for data that comes from no file.</param>
/// <param name="Row">The row as a spreadsheet counts it; for data from no file, from 1.</param>
internal readonly record struct RowPlace(int File, long Row)
{
    /// <summary>The place of a cursor's row.</summary>
    public static RowPlace Of(Microsoft.ML.DataViewRow cursor) => cursor is CsvCursor { Place: var (file, row) } ? new(file, row) : new(-1, cursor.Position + 1);

    /// <summary>The place in words, for example "a.csv, row 12".</summary>
    public string In(IReadOnlyList<string> files) => ReportText.Invariant($"{(File < 0 ? "" : files[File] + ", ")}row {Row}");
}
