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
        Fill(svg, Left, 8, Bar, series: null, isShuffled: true).Text(Left + 16, 17, "shuffled", "small");
        Fill(svg, Left + 90, 8, Bar, series: null, isShuffled: false).Text(Left + 106, 17, "reversed", "small");
        svg.ShareGrid(x, Top, bottom);
        for (int row = 0; row < results.Length; row++)
        {
            var (result, y) = (results[row], Top + row * Row + 4.0);
            svg.Group(Scheme.Of(result.Variant), () =>
            {
                svg.Label(Left - 8, y + 14, result.Variant.Name, Left - 12);
                DrawBar(svg, x, y, result, result.FlipRate!.Value, isShuffled: true);
                DrawBar(svg, x, y + Bar + 1, result, result.ReversalFlipRate!.Value, isShuffled: false);
            });
        }
        return svg.ToSvg(Id, Title, $"Share of predictions that change, shuffled and reversed: {string.Join("; ", results.Select(result => $"{result.Variant.Name} {Percent(result.FlipRate)} and {Percent(result.ReversalFlipRate)}"))}.");
    }

    private void DrawBar(SvgWriter svg, PlotScale x, double y, VariantResult result, double share, bool isShuffled) =>
        Fill(svg, Left, y, x[share] - Left, SeriesStyle.Of(result.Variant), isShuffled).Text(x[share] + 4, y + 9, Percent(share), "small");

    // A variant's colour says which it is, as in every figure; the hatch that its texts were shuffled.
    private SvgWriter Fill(SvgWriter svg, double x, double y, double width, int? series, bool isShuffled)
    {
        svg.Rectangle(x, y, width, Bar, series is { } own ? SeriesStyle.Fill(own) : "neutral", isShuffled ? 0.35 : 1);
        return isShuffled ? svg.Hatch(x, y, width, Bar, Id) : svg;
    }
}
