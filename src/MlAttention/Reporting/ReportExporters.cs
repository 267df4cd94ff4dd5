using MlAttention.Ablation;

namespace MlAttention.Reporting;

/// <summary>The formats in which a report can be written.</summary>
public static class ReportExporters
{
    /// <summary>All formats.</summary>
    public static IReadOnlyList<IReportExporter> All { get; } = [new MarkdownExporter(), new JsonExporter(), new CsvExporter(), new HtmlExporter()];

    /// <summary>Writes the report beside a common name, for example report.md, report.json, report.csv and report.html.</summary>
    /// <param name="report">The report.</param>
    /// <param name="pathWithoutExtension">The files' common path.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> WriteAll(OrderingAblationReport report, string pathWithoutExtension) =>
        [.. All.Select(exporter => Write(exporter, report, pathWithoutExtension + exporter.Extension))];

    private static string Write(IReportExporter exporter, OrderingAblationReport report, string path)
    {
        string text = exporter.Export(report);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        string temporary = path + ".partial";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
        return path;
    }
}
