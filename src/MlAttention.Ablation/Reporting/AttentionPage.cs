using System.Text;
using MlAttention.Ablation.Reporting.Explorer;
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
    /// <param name="positions">Ids, titles and figures of what the model's positions add; null for none.</param>
    public static string Write(string text, string strip, IReadOnlyList<ExploredPattern> patterns, IReadOnlyList<(string Id, string Title, string Svg)>? positions)
    {
        var page = HtmlReport.Begin($"Attention: {Shortened(text)}", AttentionStyle.Css + ContributionSection.Css).Append("<p class=\"strip\">").Append(Escape(strip)).Append("</p>\n").Append(ContributionSection.Write(patterns)).Append(AttentionExplorer.Write(patterns));
        page.Append("<div class=\"figures heads\">\n");
        foreach (var picture in positions ?? []) AppendFigure(page, "", picture.Title, picture.Svg);
        foreach (var (caption, svg) in Heads(patterns[0].Pattern)) AppendFigure(page, " class=\"head\"", caption, svg);
        return HtmlReport.End(page.Append("</div>\n"), "<script>\n" + HtmlScript.Code + FigureScript.Code + AttentionScript.Code + "</script>\n");
    }

    private static IEnumerable<(string Caption, string Svg)> Heads(AttentionPattern pattern) => pattern.Heads.Count * pattern.Tokens.Count * pattern.Tokens.Count <= MostCells
        ? pattern.Heads.Select(head => (Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), AttentionHeatMap.DrawHead(pattern, head, isTitled: false)))
        : pattern.Heads.Select(head => head.Layer).Distinct().Select(layer => Invariant($"Layer {layer + 1}, all heads")).Zip(AttentionOverview.Draw(pattern));

    private static void AppendFigure(StringBuilder page, string attributes, string caption, string svg) =>
        page.Append("<figure").Append(attributes).Append(">\n<figcaption>").Append(Escape(caption)).Append("</figcaption>\n").Append(svg).Append("</figure>\n");

    private static string Shortened(string text) => text.Length <= LongestTitle ? text : text[..(LongestTitle - (char.IsHighSurrogate(text[LongestTitle - 1]) ? 1 : 0))] + "…";
}
