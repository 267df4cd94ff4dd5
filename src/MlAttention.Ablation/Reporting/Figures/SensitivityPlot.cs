namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Share of predictions that change when a text's tokens are shuffled or read backwards.</summary>
internal sealed class SensitivityPlot() : ReportFigure("sensitivity", "Predictions that change with the order of the tokens")
{
    private const int Width = 420, Left = 160, Right = 44, Top = 34, Row = 30, Bar = 10;

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        var results = report.Variants.Where(result => result.FlipRate is not null && result.Variant.Shuffling == TokenShuffling.None).ToArray();
        if (results.Length == 0) return null;
        int bottom = Top + results.Length * Row;
        var svg = new SvgWriter(Width, bottom + 20);
        var x = new PlotScale(0, 1, Left, Width - Right);
        svg.Marker(Left + 4, 12, 0, "shuffled").Text(Left + 14, 16, "shuffled", "small").Marker(Left + 94, 12, 1, "reversed").Text(Left + 104, 16, "reversed", "small");
        svg.ShareGrid(x, Top, bottom);
        for (int row = 0; row < results.Length; row++)
        {
            var (result, y) = (results[row], Top + row * Row + 4.0);
            svg.Group(Scheme.Of(result.Variant), () =>
            {
                svg.Label(Left - 8, y + 14, result.Variant.Name, Left - 12);
                DrawBar(svg, x, y, result.FlipRate!.Value, 0);
                DrawBar(svg, x, y + Bar + 1, result.ReversalFlipRate!.Value, 1);
            });
        }
        return svg.ToSvg(Id, Title, $"Share of predictions that change, shuffled and reversed: {string.Join("; ", results.Select(result => $"{result.Variant.Name} {Percent(result.FlipRate)} and {Percent(result.ReversalFlipRate)}"))}.");
    }

    private static void DrawBar(SvgWriter svg, PlotScale x, double y, double share, int series) =>
        svg.Rectangle(Left, y, x[share] - Left, Bar, SeriesStyle.Fill(series)).Text(x[share] + 4, y + 9, Percent(share), "small");
}
