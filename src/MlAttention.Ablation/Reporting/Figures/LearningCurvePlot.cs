namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>Dev accuracy by epoch, averaged over the seeds that reached the epoch.</summary>
internal sealed class LearningCurvePlot : IReportFigure
{
    /// <inheritdoc/>
    public string Id => "learning";

    /// <inheritdoc/>
    public string Title => "Learning curves of attention";

    /// <inheritdoc/>
    public string? Draw(OrderingAblationReport report)
    {
        LinePlot.Curve[] curves =
        [
            .. report.Variants.Where(result => Shows(result.Variant, report.Plan)).Select(result => new LinePlot.Curve(result.Variant.Name, Points(result))).Where(curve => curve.Points.Count > 0),
        ];
        if (curves.Length == 0) return null;
        var plot = LinePlot.OfShares("epoch", "dev accuracy", report.Data.Chance);
        return plot.Draw(Id, Title, $"Dev accuracy after the last common epoch: {string.Join("; ", curves.Select(curve => $"{curve.Name} {Percent(curve.Points[^1].Y)} after {curve.Points[^1].X} epochs"))}.", curves);
    }

    // More curves than colours could not be told apart: every scheme with the first mask, and none with the others.
    private static bool Shows(AblationVariant variant, AblationPlan plan) =>
        variant is { Encoder: EncoderKind.Attention, Shuffling: TokenShuffling.None, ClipDistance: null } && (variant.Mask == plan.Masks[0] || variant.Positions == PositionScheme.None);

    private static (double X, double Y)[] Points(VariantResult result) =>
    [
        .. result.Curves.SelectMany(curve => curve.Epochs).Where(epoch => epoch.DevAccuracy is not null).GroupBy(epoch => epoch.Epoch).OrderBy(epoch => epoch.Key)
            .Select(epoch => ((double)epoch.Key, epoch.Average(record => record.DevAccuracy!.Value))),
    ];
}
