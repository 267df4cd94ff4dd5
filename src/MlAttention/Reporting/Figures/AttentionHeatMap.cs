using MlAttention.Ablation;
using static MlAttention.Reporting.ReportText;

namespace MlAttention.Reporting.Figures;

/// <summary>Attention weights with the tokens on the axes: for each scheme of the first text, the head that looks furthest from evenly.</summary>
internal sealed class AttentionHeatMap : IReportFigure
{
    private const int Width = 420, Label = 86, Gap = 30;

    /// <inheritdoc/>
    public string Id => "attention";

    /// <inheritdoc/>
    public string Title => "What attention looks at";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report)
    {
        var patterns = report.AttentionStudy?.Patterns.Where(pattern => pattern.Heads.Count > 0 && pattern.Tokens.Count > 0).ToArray() ?? [];
        if (patterns.Length == 0) return null;
        var shown = patterns.Where(pattern => pattern.Tokens.SequenceEqual(patterns[0].Tokens)).ToArray();
        int length = patterns[0].Tokens.Count;
        double cell = CellSize(length), panel = Label + cell * length + Gap;
        var svg = new SvgWriter(Width, (int)(shown.Length * panel) + 10);
        for (int i = 0; i < shown.Length; i++) DrawPanel(svg, shown[i], Sharpest(shown[i]), i * panel, cell);
        return svg.ToSvg(Id, Title, $"Attention weights over the text \"{string.Join(' ', patterns[0].Tokens)}\": {string.Join("; ", shown.Select(pattern => Describe(pattern, Sharpest(pattern))))}.");
    }

    /// <summary>One head as a figure of its own.</summary>
    public static string DrawHead(AttentionPattern pattern, AttentionHead head)
    {
        int length = pattern.Tokens.Count;
        double cell = CellSize(length);
        var svg = new SvgWriter(Width, (int)(Label + cell * length) + 10);
        DrawPanel(svg, pattern, head, 0, cell);
        return svg.ToSvg(FormattableString.Invariant($"head-{head.Layer}-{head.Head}"), FormattableString.Invariant($"Layer {head.Layer + 1}, head {head.Head + 1}"), Describe(pattern, head));
    }

    private static double CellSize(int length) => Math.Min(16, (Width - Label - 10.0) / length);

    private static void DrawPanel(SvgWriter svg, AttentionPattern pattern, AttentionHead head, double top, double cell)
    {
        int length = pattern.Tokens.Count;
        svg.Text(4, top + 14, $"{VariantNames.Of(pattern.Positions)}: layer {head.Layer + 1}, head {head.Head + 1}", "label");
        for (int row = 0; row < length; row++)
        {
            svg.Text(Label - 5, top + Label + (row + 0.75) * cell, Short(pattern.Tokens[row]), "small", "end");
            svg.Text(Label + (row + 0.7) * cell, top + Label - 5, Short(pattern.Tokens[row]), "small", "start", -60);
            for (int column = 0; column < length; column++)
            {
                double weight = head.Weights[row * length + column];
                svg.Cell(Label + column * cell, top + Label + row * cell, cell - 0.5, cell - 0.5, "f0", Math.Round(weight, 3), $"{pattern.Tokens[row]} to {pattern.Tokens[column]}: {Percent(weight)}");
            }
        }
    }

    private static AttentionHead Sharpest(AttentionPattern pattern) => pattern.Heads.MinBy(head => head.Entropy)!;

    private static string Describe(AttentionPattern pattern, AttentionHead head) =>
        $"with {VariantNames.Of(pattern.Positions)} positions, layer {head.Layer + 1} head {head.Head + 1} puts {Percent(head.DiagonalShare)} on the token itself and {Percent(head.PreviousShare)} on the one before";

    private static string Short(string token) => token.Length <= 12 ? token : token[..11] + "…";
}
