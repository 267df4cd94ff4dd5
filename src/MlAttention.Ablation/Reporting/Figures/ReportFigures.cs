namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>One figure of the report.</summary>
internal abstract class ReportFigure(string id, string title)
{
    /// <summary>Unique among figures; the name of its PNG file.</summary>
    public string Id => id;

    /// <summary>What it is.</summary>
    public string Title => title;

    /// <summary>The scheme that the whole figure is about; null for several.</summary>
    public virtual Scheme? Scheme => null;

    /// <summary>The figure as an SVG element, or null when the report holds nothing to draw.</summary>
    public abstract string? Draw(OrderingAblationReport report);
}

/// <summary>All figures, in the report's order.</summary>
internal static class ReportFigures
{
    /// <summary>The figures.</summary>
    public static IReadOnlyList<ReportFigure> All { get; } =
    [
        new EffectPlot(), new AccuracyPlot(), new SensitivityPlot(), new LearningCurvePlot(), new LengthPlot(), new BeyondTrainedLengthPlot(), new ComplexityPlot("n"), new ComplexityPlot("d"),
        .. PositionPictures.OfReport, .. Enum.GetValues<PositionScheme>().Select(scheme => new AttentionHeatMap(scheme)),
    ];

    /// <summary>The figures that only a pretrained encoder's report has.</summary>
    public static IReadOnlyList<ReportFigure> Pretrained { get; } = [new WorthPlot(), new PermutationPlot(), new GradedPlot()];

    /// <summary>Those that the report can fill.</summary>
    public static IEnumerable<(ReportFigure Figure, string Svg)> Draw(OrderingAblationReport report) =>
        (report.Pretrained is null ? All : Pretrained.Concat(All)).Select(figure => (figure, Svg: figure.Draw(report))).Where(drawn => drawn.Svg is not null).Select(drawn => (drawn.figure, drawn.Svg!));
}
