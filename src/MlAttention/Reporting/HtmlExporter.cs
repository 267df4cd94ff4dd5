using MlAttention.Ablation;

namespace MlAttention.Reporting;

/// <summary>The report as one self-contained HTML file.</summary>
public sealed class HtmlExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Name => "html";

    /// <inheritdoc/>
    public string Extension => ".html";

    /// <inheritdoc/>
    public string Export(OrderingAblationReport report) => HtmlReport.Write(report);
}
