namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>The headline: what each scheme, mask and encoder gains over none, with intervals and every seed.</summary>
internal sealed class EffectPlot() : DifferencePlot(
    "effect", "Gain in accuracy over the model without positions", "schemes against none of the same mask, others against none", [ComparisonQuestion.Positions, ComparisonQuestion.Mask, ComparisonQuestion.Encoder])
{
    /// <inheritdoc/>
    protected override AblationVariant Shown(VariantComparison comparison) => comparison.First;
}

/// <summary>The headline of a pretrained encoder: what ordered has over each other variant, with intervals and every seed.</summary>
internal sealed class WorthPlot() : DifferencePlot(
    "worth", "What ordered has over each other variant", "above: worth of order and of pretrained positions; \"at test\": dependence", [ComparisonQuestion.Order, ComparisonQuestion.PretrainedPositions, ComparisonQuestion.Dependence])
{
    /// <inheritdoc/>
    protected override AblationVariant Shown(VariantComparison comparison) => comparison.Second;
}

/// <summary>Differences between pairs of variants, in points of accuracy, with their numbers: a forest plot.</summary>
/// <param name="id">Unique among figures.</param>
/// <param name="title">What it is.</param>
/// <param name="note">What stands below.</param>
/// <param name="questions">The comparisons that it shows.</param>
internal abstract class DifferencePlot(string id, string title, string note, IReadOnlyList<ComparisonQuestion> questions) : ReportFigure(id, title)
{
    private const int Width = 420, Left = 138, Right = 116, Top = 30, Row = 22;

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
        foreach (double tick in x.Ticks(3)) svg.Line(x[tick], Top - 8, x[tick], bottom, tick == 0 ? "axis" : "grid").Text(x[tick], bottom + 14, Points(tick), "small", "middle");
        svg.Text(Width - 4, Top - 14, Invariant($"points [{report.Plan.ConfidenceLevel * 100:0.#}% interval]"), "small", "end");
        svg.Text(Width - 4, bottom + 30, "points of accuracy; band: margin of equality; ticks below: seeds", "small", "end")
            .Text(Width - 4, bottom + 44, note, "small", "end");
        for (int row = 0; row < comparisons.Length; row++) DrawRow(svg, x, comparisons[row], Top + row * Row + Row / 2.0);
        return svg.ToSvg(Id, Title, Describe(comparisons));
    }

    /// <summary>The variant whose row it is.</summary>
    protected abstract AblationVariant Shown(VariantComparison comparison);

    private void DrawRow(SvgWriter svg, PlotScale x, VariantComparison comparison, double y)
    {
        svg.Label(Left - 8, y + 4, Shown(comparison).Name, Left - 12);
        if (comparison.Interval is { } interval)
            svg.Line(x[interval.Lower], y, x[interval.Upper], y, "interval").Line(x[interval.Lower], y - 4, x[interval.Lower], y + 4, "interval").Line(x[interval.Upper], y - 4, x[interval.Upper], y + 4, "interval");
        foreach (double difference in comparison.Differences) svg.Line(x[difference], y + 5, x[difference], y + 10, "seed");
        string figures = $"{Points(comparison.MeanDifference)} {Points(comparison.Interval)}";
        svg.Marker(x[comparison.MeanDifference], y, SeriesStyle.Of(Shown(comparison)), $"{comparison.First.Name} against {comparison.Second.Name}: {figures}", 3.6, isHollow: true).Text(Width - 4, y + 4, figures, "small", "end");
    }

    private static double Lowest(VariantComparison comparison) => Math.Min(comparison.Differences.Min(), comparison.Interval?.Lower ?? 0);

    private static double Highest(VariantComparison comparison) => Math.Max(comparison.Differences.Max(), comparison.Interval?.Upper ?? 0);

    private static string Describe(VariantComparison[] comparisons) =>
        "Points of accuracy gained, with the interval over seeds and texts: "
        + string.Join("; ", comparisons.Select(comparison => $"{comparison.First.Name} against {comparison.Second.Name} {Points(comparison.MeanDifference)} {Points(comparison.Interval)}")) + ".";
}
