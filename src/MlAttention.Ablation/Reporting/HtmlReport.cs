using System.Text;
using MlAttention.Ablation.Reporting.Figures;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting;

/// <summary>Puts verdict, figures and tables into one page that needs no network, the answer first.</summary>
internal static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Write(OrderingAblationReport report)
    {
        var verdict = VerdictWriter.Write(report);
        var figures = ReportFigures.Draw(report).ToArray();
        ReportTable[] tables = [.. ReportTables.AfterAccuracy(report).Prepend(TextTables.Texts(report)).Prepend(ReportTables.Accuracy(report)).Where(table => table.Rows.Count > 0)];
        var page = Begin(VerdictWriter.Title(report));
        page.Append("<p class=\"strip\">").Append(Escape(ReportSummary.Strip(report))).Append("</p>\n<p class=\"verdict\">").Append(Escape(verdict.Headline)).Append("</p>\n");
        page.Append("<div class=\"summary\">\n");
        foreach (var (figure, svg) in figures.Where(drawn => drawn.Figure is DifferencePlot)) AppendFigure(page, figure, svg);
        page.Append("<div>\n");
        AppendTiles(page, ReportSummary.Tiles(report));
        string? certainty = ReportSummary.Certainty(report);
        if (certainty is not null) page.Append("<p>").Append(Escape(certainty)).Append("</p>\n");
        AppendFolded(page, "What else was found", [.. verdict.Evidence.Where(sentence => sentence != certainty)]);
        AppendFolded(page, "What may not be concluded", verdict.Limits);
        page.Append("<details>\n<summary>For a paper: methods and citation</summary>\n<p>").Append(Escape(MethodsText.Paragraph(report))).Append("</p>\n<pre tabindex=\"0\">").Append(Escape(MethodsText.BibTeX(report))).Append("</pre>\n</details>\n");
        page.Append("</div>\n</div>\n");
        page.Append("<nav aria-label=\"Contents\"><a href=\"#figures\">Figures</a>");
        for (int table = 0; table < tables.Length; table++) page.Append(Invariant($" <a href=\"#table-{table + 1}\">")).Append(Escape(tables[table].Title)).Append("</a>");
        page.Append("</nav>\n<h2 id=\"figures\">Figures</h2>\n<div class=\"figures\">\n");
        foreach (var (figure, svg) in figures.Where(drawn => drawn.Figure is not DifferencePlot)) AppendFigure(page, figure, svg);
        page.Append("</div>\n");
        for (int table = 0; table < tables.Length; table++) AppendTable(page, tables[table], table + 1);
        page.Append("<footer>").Append(Escape($"{report.Environment}; {report.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC")).Append("</footer>\n");
        return End(page, "<script>\n" + HtmlScript.Code + "</script>\n");
    }

    /// <summary>A page with one figure and one table.</summary>
    public static string WritePage(string title, string strip, string svg, ReportTable table)
    {
        var page = Begin(title).Append("<p class=\"strip\">").Append(Escape(strip)).Append("</p>\n<figure class=\"alone\">\n").Append(svg).Append("</figure>\n");
        AppendTable(page, table, 1);
        return End(page, "<script>\n" + HtmlScript.Code + "</script>\n");
    }

    /// <summary>A page with nothing but figures.</summary>
    public static string WriteFigures(string title, IReadOnlyList<string> figures)
    {
        var page = Begin(title).Append("<div class=\"figures\">\n");
        foreach (string svg in figures) page.Append("<figure>\n").Append(svg).Append("</figure>\n");
        return End(page.Append("</div>\n"), "");
    }

    private static StringBuilder Begin(string title) => new StringBuilder()
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(HtmlStyle.Css).Append("</style>\n</head>\n<body>\n<main>\n")
        .Append("<h1>").Append(Escape(title)).Append("</h1>\n");

    private static string End(StringBuilder page, string script) => page.Append("</main>\n").Append(script).Append("</body>\n</html>\n").ToString();

    private static void AppendTiles(StringBuilder page, IReadOnlyList<SummaryTile> tiles)
    {
        if (tiles.Count == 0) return;
        page.Append("<dl class=\"tiles\">\n");
        foreach (var tile in tiles) page.Append("<div><dt>").Append(Escape(tile.Caption)).Append("</dt><dd>").Append(Escape(tile.Figure)).Append("</dd></div>\n");
        page.Append("</dl>\n");
    }

    private static void AppendFigure(StringBuilder page, ReportFigure figure, string svg) =>
        page.Append("<figure id=\"figure-").Append(figure.Id).Append("\">\n<figcaption>").Append(Escape(figure.Title)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");

    private static void AppendFolded(StringBuilder page, string title, IReadOnlyList<string> sentences)
    {
        page.Append("<details>\n<summary>").Append(Escape(title)).Append(Invariant($" ({sentences.Count})</summary>\n<ul>\n"));
        foreach (string sentence in sentences) page.Append("<li>").Append(Escape(sentence)).Append("</li>\n");
        page.Append("</ul>\n</details>\n");
    }

    private static void AppendTable(StringBuilder page, ReportTable table, int number)
    {
        string title = Escape(table.Title);
        page.Append(Invariant($"<h2 id=\"table-{number}\">")).Append(title).Append("</h2>\n<div class=\"table\" tabindex=\"0\">\n<table aria-label=\"").Append(title).Append("\">\n<thead><tr>");
        for (int column = 0; column < table.Columns.Count; column++) page.Append("<th scope=\"col\"").Append(Class(table, column)).Append('>').Append(Escape(table.Columns[column])).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        for (int index = 0; index < table.Rows.Count; index++)
        {
            var row = table.Rows[index];
            page.Append("<tr").Append(index >= table.Printed ? " class=\"screen\"" : "").Append(table.Kinds is { } kinds ? $" data-kind=\"{Escape(kinds[index])}\"" : "");
            page.Append("><th scope=\"row\">").Append(Escape(row[0])).Append("</th>");
            for (int column = 1; column < row.Count; column++) page.Append("<td").Append(Class(table, column)).Append('>').Append(Escape(row[column])).Append("</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private static string Class(ReportTable table, int column) => column >= table.NumericFrom ? " class=\"number\"" : "";
}
