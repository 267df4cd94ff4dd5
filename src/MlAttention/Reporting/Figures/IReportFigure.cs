using MlAttention.Ablation;

namespace MlAttention.Reporting.Figures;

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
