using MlAttention.Ablation;

namespace MlAttention.Reporting;

/// <summary>Writes a report in one format.</summary>
public interface IReportExporter
{
    /// <summary>The name on the command line, for example "markdown".</summary>
    string Name { get; }

    /// <summary>The file extension with its dot.</summary>
    string Extension { get; }

    /// <summary>The whole file's text; the same for every culture of the machine.</summary>
    string Export(OrderingAblationReport report);
}
