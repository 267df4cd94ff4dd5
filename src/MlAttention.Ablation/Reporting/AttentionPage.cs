using MlAttention.Ablation.Reporting.Figures;
using static MlAttention.Ablation.Reporting.Figures.SvgWriter;

namespace MlAttention.Ablation.Reporting;

/// <summary>The page of what a model's heads look at in a text, or in two beside each other: with scripts the explorer, without them figures.</summary>
internal static class AttentionPage
{
    private const int LongestTitle = 120; // characters
    private const int MostCells = 4_000; // of figures with a cell for each weight, which take about 150 bytes a cell

    /// <summary>The page.</summary>
    /// <param name="text">The text.</param>
    /// <param name="strip">What is predicted for it, and of which model.</param>
    /// <param name="patterns">Its weights, and those of the text beside it where there is one.</param>
    /// <param name="positions">What the model's positions add; null where there is nothing to draw.</param>
    public static string Write(string text, string strip, IReadOnlyList<ExploredPattern> patterns, PositionPattern? positions)
    {
        var page = HtmlReport.Begin($"Attention: {Shortened(text)}", AttentionStyle.Css).Append("<p class=\"strip\">").Append(Escape(strip)).Append("</p>\n").Append(AttentionExplorer.Write(patterns));
        page.Append("<div class=\"figures heads\">\n");
        if (positions is not null) page.Append("<figure>\n").Append(PositionHeatMap.Draw("positions", positions)).Append("</figure>\n");
        foreach (string svg in Heads(patterns[0].Pattern)) page.Append("<figure class=\"head\">\n").Append(svg).Append("</figure>\n");
        return HtmlReport.End(page.Append("</div>\n"), "<script>\n" + AttentionScript.Code + "</script>\n");
    }

    private static IEnumerable<string> Heads(AttentionPattern pattern) => pattern.Heads.Count * pattern.Tokens.Count * pattern.Tokens.Count <= MostCells
        ? pattern.Heads.Select(head => AttentionHeatMap.DrawHead(pattern, head))
        : AttentionOverview.Draw(pattern);

    private static string Shortened(string text) => text.Length <= LongestTitle ? text : text[..(LongestTitle - (char.IsHighSurrogate(text[LongestTitle - 1]) ? 1 : 0))] + "…";
}
