namespace MlAttention.Ablation.Reporting.Figures;

/// <summary>All figures, in the report's order.</summary>
internal static class ReportFigures
{
    /// <summary>The figures.</summary>
    public static IReadOnlyList<IReportFigure> All { get; } =
    [
        new EffectPlot(), new AccuracyPlot(), new SensitivityPlot(), new LearningCurvePlot(), new LengthPlot(), new ComplexityPlot("n"), new ComplexityPlot("d"),
        new PositionHeatMap(), .. Enum.GetValues<PositionScheme>().Select(scheme => new AttentionHeatMap(scheme)),
    ];

    /// <summary>Those that the report can fill.</summary>
    public static IEnumerable<(IReportFigure Figure, string Svg)> Draw(OrderingAblationReport report) =>
        All.Select(figure => (figure, Svg: figure.Draw(report))).Where(drawn => drawn.Svg is not null).Select(drawn => (drawn.figure, drawn.Svg!));
}

/// <summary>One figure of the report.</summary>
internal interface IReportFigure
{
    /// <summary>Unique among figures; the name of its PNG file.</summary>
    string Id { get; }

    /// <summary>What it is.</summary>
    string Title { get; }

    /// <summary>The figure as an SVG element, or null when the report holds nothing to draw.</summary>
    string? Draw(OrderingAblationReport report);
}
