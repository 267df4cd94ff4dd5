using Spectre.Console;
using Spectre.Console.Rendering;
using PlainText = Spectre.Console.Text;

namespace MlAttention.Cli.Terminal;

/// <summary>Prints a report as verdict and table, as wide as the terminal, plain where the output is redirected.</summary>
internal static class ReportPrinter
{
    /// <summary>Prints what answers the question: the verdict, how sure it is, six rows, what failed and what was asked for besides.</summary>
    public static void PrintShort(OrderingAblationReport report, CliConsole console)
    {
        PrintHeadline(report, console);
        foreach (string sentence in ReportSummary.Sentences(report)) Item(console, sentence);
        console.Rich.WriteLine();
        Print(AccuracyRows.Of(report), console);
        PrintFailuresAndStudies(report, console);
    }

    /// <summary>Prints the report with all evidence, all rows, what may not be concluded, and the setting.</summary>
    public static void Print(OrderingAblationReport report, CliConsole console)
    {
        var verdict = VerdictWriter.Write(report);
        PrintHeadline(report, console);
        foreach (string sentence in verdict.Evidence) Item(console, sentence);
        console.Rich.WriteLine();
        Print(ReportTables.Accuracy(report), console);
        PrintFailuresAndStudies(report, console);
        console.Rich.Write(new PlainText("Not to be concluded:"));
        console.Rich.WriteLine();
        foreach (string sentence in verdict.Limits) Item(console, sentence);
        console.Rich.WriteLine();
        foreach (var row in ReportTables.Setting(report).Rows.Where(row => row[0] is "data" or "model" or "budget" or "engine" or "version" or "machine" or "wall time"))
            Item(console, $"{row[0]}: {row[1]}");
    }

    /// <summary>Says where the report is: where to read it, or every file.</summary>
    public static void PrintFiles(IReadOnlyList<string> files, CliConsole console, bool all)
    {
        string page = files.First(file => file.EndsWith(ReportExporter.Html.Extension, StringComparison.Ordinal));
        console.Output.WriteLine(all ? $"\nWritten: {string.Join(", ", files)}" : $"Report: {page} (--verbose prints more of it)");
    }

    private static void PrintHeadline(OrderingAblationReport report, CliConsole console)
    {
        console.Rich.WriteLine();
        console.Rich.Write(new PlainText(VerdictWriter.Write(report).Headline, new Style(decoration: Decoration.Bold)));
        console.Rich.WriteLine();
        console.Rich.WriteLine();
    }

    private static void PrintFailuresAndStudies(OrderingAblationReport report, CliConsole console)
    {
        Print(ReportTables.Failures(report), console);
        Print(ReportTables.BeyondTrainedLength(report.LengthStudy), console);
        Print(ReportTables.Complexity(report.ComplexityStudy), console);
        Print(ReportTables.ComplexityMeasurements(report.ComplexityStudy), console);
    }

    /// <summary>Prints a table, if it has rows.</summary>
    public static void Print(ReportTable table, CliConsole console)
    {
        if (table.Rows.Count > 0) console.Rich.Write(Shown(table));
    }

    /// <summary>Whether each row of a table fits into a line.</summary>
    public static bool Fits(ReportTable table, CliConsole console) =>
        ((IRenderable)Shown(table)).Measure(RenderOptions.Create(console.Rich), int.MaxValue).Max <= console.Width;

    private static Table Shown(ReportTable table)
    {
        var shown = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(table.Title)) };
        for (int column = 0; column < table.Columns.Count; column++)
        {
            var heading = new TableColumn(new PlainText(table.Columns[column])) { NoWrap = column == 0 };
            shown.AddColumn(column >= table.NumericFrom && table.Columns[column] != "every seed, %" ? heading.RightAligned() : heading);
        }
        foreach (var row in table.Rows) shown.AddRow(row.Select(cell => new PlainText(cell)));
        return shown;
    }

    private static void Item(CliConsole console, string sentence)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0) }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        grid.AddRow(new PlainText("•"), new PlainText(sentence));
        console.Rich.Write(grid);
    }
}
