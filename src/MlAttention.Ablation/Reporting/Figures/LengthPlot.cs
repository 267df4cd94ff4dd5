namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Accuracy by length of the text: beyond the trained length where that was studied, within the test texts otherwise.</summary>
internal sealed class LengthPlot : IReportFigure
{
    /// <inheritdoc/>
    public string Id => "length";

    /// <inheritdoc/>
    public string Title => "Accuracy by length of the text";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report)
    {
        LinePlot.Curve[] curves = report.LengthStudy is { } study
            ? [.. study.Curves.Where(curve => curve.Points.Count > 0).Select(curve => new LinePlot.Curve(VariantNames.Of(curve.Positions), Points(curve.Points)))]
            : [.. report.Variants.Where(result => result.Lengths.Count > 1 && result.Variant.Mask == report.Plan.Masks[0] && result.Variant is { Encoder: EncoderKind.Attention, ClipDistance: null }).Select(result => new LinePlot.Curve(result.Variant.Name, Points(result.Lengths)))];
        if (curves.Length == 0) return null;
        var plot = LinePlot.OfShares(
            "longest text of the bin, tokens", "accuracy", report.LengthStudy is null ? report.Data.Chance : LengthStudy.Chance, report.LengthStudy is { } limited ? (limited.TrainedLength, "trained") : null);
        return plot.Draw(Id, Title, $"Accuracy in the bin of the longest texts: {string.Join("; ", curves.Select(curve => $"{curve.Name} {Percent(curve.Points[^1].Y)}"))}.", curves);
    }

    private static (double X, double Y)[] Points(IReadOnlyList<LengthScore> scores) => [.. scores.Select(score => ((double)score.Longest, score.Accuracy))];
}
