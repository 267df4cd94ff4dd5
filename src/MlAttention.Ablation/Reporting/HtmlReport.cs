using System.Text;
using MlAttention.Ablation.Reporting.Explorer;
using MlAttention.Ablation.Reporting.Figures;
using MlAttention.Ablation.Reporting.Playground;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting;

/// <summary>Puts verdict, figures and tables into one page that needs no network, the answer first.</summary>
internal static class HtmlReport
{
    private const int WideColumns = 12; // for which paper has only small letters

    /// <summary>The page.</summary>
    public static string Write(OrderingAblationReport report)
    {
        var verdict = VerdictWriter.Write(report);
        var schemes = new SchemeToggle(report);
        var figures = ReportFigures.Draw(report).ToArray();
        ReportTable[] tables = [.. ReportTables.AfterAccuracy(report).Prepend(TextTables.Texts(report)).Prepend(ReportTables.Accuracy(report)).Where(table => table.Rows.Count > 0)];
        string decided = ContributionSection.Write(report), attention = AttentionExplorer.Write(report);
        var page = Begin(VerdictWriter.Title(report), (attention.Length > 0 ? AttentionStyle.Css : "") + (decided.Length > 0 ? ContributionSection.Css : ""));
        page.Append("<p class=\"strip\">").Append(Escape(ReportSummary.Strip(report))).Append("</p>\n<p class=\"verdict\">").Append(Escape(verdict.Headline)).Append("</p>\n");
        page.Append("<div class=\"summary\">\n");
        foreach (var (figure, svg) in figures.Where(drawn => drawn.Figure is DifferencePlot)) AppendFigure(page, figure, svg);
        page.Append("<div>\n");
        AppendTiles(page, ReportSummary.Tiles(report));
        string? certainty = ReportSummary.Certainty(report);
        if (certainty is not null) page.Append("<p>").Append(Escape(certainty)).Append("</p>\n");
        AppendFolded(page, "What else was found", [.. verdict.Evidence.Where(sentence => sentence != certainty)]);
        AppendFolded(page, "What may not be concluded", verdict.Limits);
        page.Append("<details class=\"screen\">\n<summary>For a paper: methods and citation</summary>\n<p>").Append(Escape(MethodsText.Paragraph(report))).Append("</p>\n<pre tabindex=\"0\">").Append(Escape(MethodsText.BibTeX(report))).Append("</pre>\n</details>\n");
        page.Append("</div>\n</div>\n");
        page.Append("<nav aria-label=\"Contents\">").Append(PlaygroundSection.IsIn(report) ? $"<a href=\"#playground\">{PlaygroundSection.Title}</a> " : "").Append("<a href=\"#figures\">Figures</a>");
        if (decided.Length > 0) page.Append($" <a href=\"#{ContributionSection.Id}\">{ContributionSection.Title}</a>");
        if (attention.Length > 0) page.Append($" <a href=\"#{AttentionExplorer.Id}\" data-with-script=\"\" hidden=\"\">Attention, token by token</a>");
        for (int table = 0; table < tables.Length; table++) page.Append(Invariant($" <a href=\"#table-{table + 1}\">")).Append(Escape(tables[table].Title)).Append("</a>");
        page.Append("</nav>\n");
        PlaygroundSection.Append(page, report);
        schemes.Append(page);
        page.Append("<h2 id=\"figures\">Figures</h2>\n<div class=\"figures\">\n");
        foreach (var (figure, svg) in figures.Where(drawn => drawn.Figure is not DifferencePlot)) AppendFigure(page, figure, svg, isOnPaper: IsOnPaper(report, figure));
        page.Append("</div>\n");
        int leftOut = figures.Count(drawn => !IsOnPaper(report, drawn.Figure));
        if (leftOut > 0) page.Append("<p class=\"paper\">").Append(NotOnPaper(Counted(leftOut, "heat map"))).Append("</p>\n");
        if (decided.Length > 0) page.Append("<div class=\"screen\">\n").Append(decided).Append("</div>\n<p class=\"paper\">").Append(NotOnPaper("what each word of a text adds to the label")).Append("</p>\n");
        page.Append(attention);
        for (int table = 0; table < tables.Length; table++) AppendTable(page, tables[table], table + 1, schemes);
        if (PlaygroundSection.WhyAbsent(report) is { } absent) page.Append("<p class=\"screen\">").Append(Escape(absent)).Append("</p>\n");
        string footer = Escape($"{report.Environment}; {report.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC");
        string scripts = HtmlScript.Code + FigureScript.Code + (attention.Length > 0 ? AttentionScript.Code : "") + (PlaygroundSection.IsIn(report) ? PlaygroundScript.Code : "");
        return End(page, $"<script>\n{scripts}</script>\n", $"<footer>{footer}</footer>\n");
    }

    /// <summary>A page with one figure and one table.</summary>
    public static string WritePage(string title, string strip, string caption, string svg, ReportTable table, SchemeToggle schemes)
    {
        var page = Begin(title).Append("<p class=\"strip\">").Append(Escape(strip)).Append("</p>\n");
        schemes.Append(page);
        page.Append("<figure class=\"alone\">\n<figcaption>").Append(Escape(caption)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");
        AppendTable(page, table, 1, schemes);
        return End(page, "<script>\n" + HtmlScript.Code + FigureScript.Code + "</script>\n");
    }

    /// <summary>A page with nothing but figures.</summary>
    public static string WriteFigures(string title, IReadOnlyList<(string Caption, string Svg)> figures)
    {
        var page = Begin(title).Append("<div class=\"figures\">\n");
        foreach (var (caption, svg) in figures) page.Append("<figure>\n<figcaption>").Append(Escape(caption)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");
        return End(page.Append("</div>\n"), "<script>\n" + HtmlScript.Code + FigureScript.Code + "</script>\n");
    }

    /// <summary>A page's head and title.</summary>
    /// <param name="title">Any text; it is escaped.</param>
    /// <param name="css">Style besides the one of all pages.</param>
    public static StringBuilder Begin(string title, string css = "") => new StringBuilder()
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(HtmlStyle.Css).Append(css).Append("</style>\n</head>\n<body>\n")
        .Append("<header>\n<h1>").Append(Escape(title)).Append("</h1>\n</header>\n<main>\n");

    /// <summary>A page's end.</summary>
    public static string End(StringBuilder page, string script, string footer = "") => page.Append("</main>\n").Append(footer).Append(script).Append("</body>\n</html>\n").ToString();

    private static void AppendTiles(StringBuilder page, IReadOnlyList<SummaryTile> tiles)
    {
        if (tiles.Count == 0) return;
        page.Append("<dl class=\"tiles\">\n");
        foreach (var tile in tiles) page.Append("<div><dt>").Append(Escape(tile.Caption)).Append("</dt><dd>").Append(Escape(tile.Figure)).Append("</dd></div>\n");
        page.Append("</dl>\n");
    }

    /// <summary>Of the heat maps of attention, those of the two schemes that the report compares.</summary>
    private static bool IsOnPaper(OrderingAblationReport report, ReportFigure figure) =>
        figure is not AttentionHeatMap map || report.Main is not { } main || map.Positions == main.First.Positions || map.Positions == main.Second.Positions;

    private static void AppendFigure(StringBuilder page, ReportFigure figure, string svg, bool isOnPaper = true) =>
        page.Append("<figure id=\"figure-").Append(figure.Id).Append(isOnPaper ? "" : "\" class=\"screen").Append('"').Append(figure.Scheme?.Attribute).Append(">\n<figcaption>").Append(Escape(figure.Title)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");

    private static void AppendFolded(StringBuilder page, string title, IReadOnlyList<string> sentences)
    {
        page.Append("<details>\n<summary>").Append(Escape(title)).Append(Invariant($" ({sentences.Count})</summary>\n<ul>\n"));
        foreach (string sentence in sentences) page.Append("<li>").Append(Escape(sentence)).Append("</li>\n");
        page.Append("</ul>\n</details>\n");
    }

    private static void AppendTable(StringBuilder page, ReportTable table, int number, SchemeToggle schemes)
    {
        string title = Escape(table.Title);
        page.Append(Invariant($"<h2 id=\"table-{number}\">")).Append(title).Append("</h2>\n<div class=\"table").Append(table.Printed == 0 ? " screen" : "").Append("\" tabindex=\"0\">\n<table").Append(table.Columns.Count >= WideColumns ? " class=\"wide\"" : "").Append(" aria-label=\"").Append(title).Append("\">\n<thead><tr>");
        for (int column = 0; column < table.Columns.Count; column++) page.Append("<th scope=\"col\"").Append(Class(table, column)).Append('>').Append(Escape(table.Columns[column])).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        for (int index = 0; index < table.Rows.Count; index++)
        {
            var row = table.Rows[index];
            page.Append("<tr").Append(index >= table.Printed ? " class=\"screen\"" : "").Append(table.Kinds is { } kinds ? $" data-kind=\"{Escape(kinds[index])}\"" : "").Append(schemes.AttributeOf(table, row));
            page.Append("><th scope=\"row\">").Append(Escape(row[0])).Append("</th>");
            for (int column = 1; column < row.Count; column++) page.Append("<td").Append(Class(table, column)).Append('>').Append(Escape(row[column])).Append("</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
        if (LeftOutOnPaper(table) is { } leftOut) page.Append("<p class=\"paper\">").Append(Escape(leftOut)).Append("</p>\n");
    }

    private static string NotOnPaper(string what) => $"Not on paper, but in report.html: {what}.";

    private static string? LeftOutOnPaper(ReportTable table)
    {
        string[] parts =
        [
            .. table.Printed < table.Rows.Count ? [Counted(table.Rows.Count - table.Printed.Value, "row")] : Array.Empty<string>(),
            .. table.ScreenColumns.Count > 0 ? [$"{(table.ScreenColumns.Count == 1 ? "the column" : "the columns")} {List([.. table.ScreenColumns])}"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? null : NotOnPaper(List(parts));
    }

    private static string Class(ReportTable table, int column)
    {
        string[] classes = [.. column >= table.NumericFrom ? ["number"] : Array.Empty<string>(), .. table.ScreenColumns.Contains(table.Columns[column]) ? ["screen"] : Array.Empty<string>()];
        return classes.Length == 0 ? "" : $" class=\"{string.Join(' ', classes)}\"";
    }
}
