using System.Text;
using MlAttention.Ablation.Reporting.Figures;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting;

/// <summary>Puts verdict, figures and tables into one page that needs no network.</summary>
internal static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Write(OrderingAblationReport report)
    {
        var verdict = VerdictWriter.Write(report);
        var page = Begin(VerdictWriter.Title(report));
        page.Append("<p class=\"verdict\">").Append(Escape(verdict.Headline)).Append("</p>\n");
        AppendList(page, verdict.Evidence);
        page.Append("<h2>What may not be concluded</h2>\n");
        AppendList(page, verdict.Limits);
        page.Append("<h2>Figures</h2>\n<div class=\"figures\">\n");
        foreach (var (figure, svg) in ReportFigures.Draw(report))
            page.Append("<figure id=\"figure-").Append(figure.Id).Append("\">\n<figcaption>").Append(Escape(figure.Title)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");
        page.Append("</div>\n");
        foreach (var table in ReportTables.AfterAccuracy(report).Prepend(ReportTables.Accuracy(report)).Where(table => table.Rows.Count > 0)) AppendTable(page, table);
        return End(page);
    }

    /// <summary>A page with nothing but figures.</summary>
    public static string WriteFigures(string title, IReadOnlyList<string> figures)
    {
        var page = Begin(title).Append("<div class=\"figures\">\n");
        foreach (string svg in figures) page.Append("<figure>\n").Append(svg).Append("</figure>\n");
        return End(page.Append("</div>\n"));
    }

    private static StringBuilder Begin(string title) => new StringBuilder()
        .Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .Append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>").Append(Escape(title)).Append("</title>\n<style>\n").Append(HtmlStyle.Css).Append("</style>\n</head>\n<body>\n<main>\n")
        .Append("<h1>").Append(Escape(title)).Append("</h1>\n");

    private static string End(StringBuilder page) => page.Append("</main>\n</body>\n</html>\n").ToString();

    private static void AppendList(StringBuilder page, IReadOnlyList<string> sentences)
    {
        page.Append("<ul>\n");
        foreach (string sentence in sentences) page.Append("<li>").Append(Escape(sentence)).Append("</li>\n");
        page.Append("</ul>\n");
    }

    private static void AppendTable(StringBuilder page, ReportTable table)
    {
        page.Append("<h2>").Append(Escape(table.Title)).Append("</h2>\n<div class=\"table\" tabindex=\"0\">\n<table>\n<thead><tr>");
        for (int column = 0; column < table.Columns.Count; column++) page.Append("<th scope=\"col\"").Append(Class(table, column)).Append('>').Append(Escape(table.Columns[column])).Append("</th>");
        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append("<tr><th scope=\"row\">").Append(Escape(row[0])).Append("</th>");
            for (int column = 1; column < row.Count; column++) page.Append("<td").Append(Class(table, column)).Append('>').Append(Escape(row[column])).Append("</td>");
            page.Append("</tr>\n");
        }
        page.Append("</tbody>\n</table>\n</div>\n");
    }

    private static string Class(ReportTable table, int column) => column >= table.NumericFrom ? " class=\"number\"" : "";
}
