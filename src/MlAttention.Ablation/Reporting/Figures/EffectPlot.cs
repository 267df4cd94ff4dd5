namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>The headline: what each scheme, mask and encoder gains over none, with intervals and every seed.</summary>
internal sealed class EffectPlot() : DifferencePlot(
    "effect", "Gain in accuracy over the model without positions", "schemes against none of the same mask, others against none", [ComparisonQuestion.Positions, ComparisonQuestion.Mask, ComparisonQuestion.Encoder])
{
    /// <inheritdoc/>
    protected override string NameOf(VariantComparison comparison) => comparison.First.Name;
}

/// <summary>The headline of a pretrained encoder: what ordered has over each other variant, with intervals and every seed.</summary>
internal sealed class WorthPlot() : DifferencePlot(
    "worth", "What ordered has over each other variant", "above: worth of order and of pretrained positions; \"at test\": dependence", [ComparisonQuestion.Order, ComparisonQuestion.PretrainedPositions, ComparisonQuestion.Dependence])
{
    /// <inheritdoc/>
    protected override string NameOf(VariantComparison comparison) => comparison.Second.Name;
}

/// <summary>Differences between pairs of variants, in points of accuracy.</summary>
/// <param name="id">Unique among figures.</param>
/// <param name="title">What it is.</param>
/// <param name="note">What stands below.</param>
/// <param name="questions">The comparisons that it shows.</param>
internal abstract class DifferencePlot(string id, string title, string note, IReadOnlyList<ComparisonQuestion> questions) : ReportFigure(id, title)
{
    private const int Width = 420, Left = 160, Right = 24, Top = 26, Row = 24;

    /// <inheritdoc/>
    public override string? Draw(OrderingAblationReport report)
    {
        var comparisons = report.Comparisons.Where(comparison => questions.Contains(comparison.Question)).ToArray();
        if (comparisons.Length == 0) return null;
        int bottom = Top + comparisons.Length * Row;
        var svg = new SvgWriter(Width, bottom + 50);
        double lowest = comparisons.Min(Lowest), highest = comparisons.Max(Highest), margin = report.Plan.EquivalenceMargin, pad = 0.06 * Math.Max(0.02, highest - lowest);
        var x = new PlotScale(Math.Min(-margin, lowest) - pad, Math.Max(margin, highest) + pad, Left, Width - Right);
        svg.Rectangle(x[-margin], Top - 8, x[margin] - x[-margin], bottom - Top + 8, "band");
        foreach (double tick in x.Ticks(5)) svg.Line(x[tick], Top - 8, x[tick], bottom, tick == 0 ? "axis" : "grid").Text(x[tick], bottom + 14, Points(tick), "small", "middle");
        svg.Text(Width - Right, bottom + 30, "points of accuracy; band: margin of equality", "small", "end")
            .Text(Width - Right, bottom + 44, note, "small", "end");
        for (int row = 0; row < comparisons.Length; row++) DrawRow(svg, x, comparisons[row], Top + row * Row + Row / 2.0);
        return svg.ToSvg(Id, Title, Describe(comparisons));
    }

    /// <summary>What a row is called.</summary>
    protected abstract string NameOf(VariantComparison comparison);

    private void DrawRow(SvgWriter svg, PlotScale x, VariantComparison comparison, double y)
    {
        svg.Label(Left - 8, y + 4, NameOf(comparison), Left - 12);
        if (comparison.Interval is { } interval)
            svg.Line(x[interval.Lower], y, x[interval.Upper], y, "interval").Line(x[interval.Lower], y - 4, x[interval.Lower], y + 4, "interval").Line(x[interval.Upper], y - 4, x[interval.Upper], y + 4, "interval");
        foreach (double difference in comparison.Differences) svg.Line(x[difference], y + 5, x[difference], y + 10, "seed");
        svg.Marker(x[comparison.MeanDifference], y, (int)comparison.Question, $"{comparison.First.Name} against {comparison.Second.Name}: {Points(comparison.MeanDifference)} {Points(comparison.Interval)}", 4.5);
    }

    private static double Lowest(VariantComparison comparison) => Math.Min(comparison.Differences.Min(), comparison.Interval?.Lower ?? 0);

    private static double Highest(VariantComparison comparison) => Math.Max(comparison.Differences.Max(), comparison.Interval?.Upper ?? 0);

    private static string Describe(VariantComparison[] comparisons) =>
        "Points of accuracy gained, with the interval over seeds and texts: "
        + string.Join("; ", comparisons.Select(comparison => $"{comparison.First.Name} against {comparison.Second.Name} {Points(comparison.MeanDifference)} {Points(comparison.Interval)}")) + ".";
}
