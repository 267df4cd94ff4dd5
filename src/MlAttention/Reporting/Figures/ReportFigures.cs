using MlAttention.Ablation;
using MlAttention.Architecture;

namespace MlAttention.Reporting.Figures;

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
