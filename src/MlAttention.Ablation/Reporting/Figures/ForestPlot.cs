namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Differences between pairs of variants, in points of accuracy: mean, interval and every seed, with the numbers beside them.</summary>
/// <param name="margin">The margin of equality, a band.</param>
/// <param name="level">Of the intervals.</param>
/// <param name="note">What stands below.</param>
internal sealed class ForestPlot(double margin, double level, string note)
{
    private const int Width = 420, Left = 138, Right = 116, Top = 30, RowHeight = 20, Ticks = 3;

    /// <summary>A row; a heading where there is no comparison.</summary>
    /// <param name="Name">What stands on its left.</param>
    /// <param name="Series">Its colour and marker.</param>
    /// <param name="Comparison">Its difference.</param>
    /// <param name="Scheme">With which it is hidden; null for never.</param>
    public sealed record Row(string Name, int Series = 0, VariantComparison? Comparison = null, Scheme? Scheme = null);

    /// <summary>The figure as an SVG element.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What the figure is.</param>
    /// <param name="rows">At least one with a comparison.</param>
    public string Draw(string id, string title, IReadOnlyList<Row> rows)
    {
        VariantComparison[] comparisons = [.. rows.Select(row => row.Comparison).OfType<VariantComparison>()];
        int bottom = Top + rows.Count * RowHeight;
        var svg = new SvgWriter(Width, bottom + 50);
        double lowest = comparisons.Min(Lowest), highest = comparisons.Max(Highest), pad = 0.06 * Math.Max(0.02, highest - lowest);
        var x = new PlotScale(Math.Min(-margin, lowest) - pad, Math.Max(margin, highest) + pad, Left, Width - Right);
        svg.Rectangle(x[-margin], Top - 8, x[margin] - x[-margin], bottom - Top + 8, "band");
        var ticks = x.Ticks(Ticks);
        foreach (double tick in ticks.Count > 1 ? ticks : x.Ticks(2 * Ticks)) svg.Line(x[tick], Top - 8, x[tick], bottom, tick == 0 ? "axis" : "grid").Text(x[tick], bottom + 14, Points(tick), "small", "middle");
        svg.Text(Width - 4, Top - 14, Invariant($"points [{level * 100:0.#}% interval]"), "small", "end");
        svg.Text(Width - 4, bottom + 30, "points of accuracy; band: margin of equality; ticks below: seeds", "small", "end").Text(Width - 4, bottom + 44, note, "small", "end");
        for (int row = 0; row < rows.Count; row++)
        {
            var drawn = (Row: rows[row], Y: Top + row * RowHeight + RowHeight / 2.0);
            svg.Group(drawn.Row.Scheme, () => DrawRow(svg, x, drawn.Row, drawn.Y));
        }
        return svg.ToSvg(id, title, $"Points of accuracy gained, with the interval over seeds and texts: {string.Join("; ", comparisons.Select(Describe))}.");
    }

    private static void DrawRow(SvgWriter svg, PlotScale x, Row row, double y)
    {
        if (row.Comparison is not { } comparison)
        {
            svg.Text(4, y + 4, row.Name, "heading");
            return;
        }
        svg.Label(Left - 8, y + 4, row.Name, Left - 12);
        if (comparison.Interval is { } interval)
            svg.Line(x[interval.Lower], y, x[interval.Upper], y, "interval").Line(x[interval.Lower], y - 4, x[interval.Lower], y + 4, "interval").Line(x[interval.Upper], y - 4, x[interval.Upper], y + 4, "interval");
        foreach (double difference in comparison.Differences) svg.Line(x[difference], y + 5, x[difference], y + 10, "seed");
        svg.Marker(x[comparison.MeanDifference], y, row.Series, Describe(comparison), 3.6, isHollow: true).Text(Width - 4, y + 4, $"{Points(comparison.MeanDifference)} {Points(comparison.Interval)}", "small", "end");
    }

    private static double Lowest(VariantComparison comparison) => Math.Min(comparison.Differences.Min(), comparison.Interval?.Lower ?? 0);

    private static double Highest(VariantComparison comparison) => Math.Max(comparison.Differences.Max(), comparison.Interval?.Upper ?? 0);

    private static string Describe(VariantComparison comparison) => $"{comparison.First.Name} against {comparison.Second.Name} {Points(comparison.MeanDifference)} {Points(comparison.Interval)}";
}
