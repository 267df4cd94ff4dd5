using System.Text.Json;
using MlAttention.Ablation.Reporting;

namespace MlAttention;

/// <summary>Writes a report in one format.</summary>
public sealed class ReportExporter
{
    private readonly Func<OrderingAblationReport, string> _write;

    private ReportExporter(string name, string extension, Func<OrderingAblationReport, string> write) => (Name, Extension, _write) = (name, extension, write);

    /// <summary>Markdown, for a pull request or a wiki.</summary>
    public static ReportExporter Markdown { get; } = new("markdown", ".md", MarkdownReport.Write);

    /// <summary>The whole report as JSON; docs/REPORT.md describes it. Every other format can be made again from it.</summary>
    public static ReportExporter Json { get; } = new("json", ".json", report => JsonSerializer.Serialize(report, AblationJson.Indented) + "\n");

    /// <summary>Every run on a line of its own, for other statistics programs. Shares are from 0 to 1.</summary>
    public static ReportExporter Csv { get; } = new("csv", ".csv", CsvReport.Write);

    /// <summary>One self-contained HTML file with all figures.</summary>
    public static ReportExporter Html { get; } = new("html", ".html", HtmlReport.Write);

    /// <summary>A LaTeX document with a paragraph on methods, the main tables and BibTeX.</summary>
    public static ReportExporter Latex { get; } = new("latex", ".tex", LatexReport.Write);

    /// <summary>All formats.</summary>
    public static IReadOnlyList<ReportExporter> All { get; } = [Markdown, Json, Csv, Html, Latex];

    /// <summary>The format's name, for example "markdown".</summary>
    public string Name { get; }

    /// <summary>The file extension with its dot.</summary>
    public string Extension { get; }

    /// <summary>The whole file's text; the same for every culture of the machine.</summary>
    public string Export(OrderingAblationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return _write(report);
    }

    /// <summary>Writes the report beside a common name, for example report.md, report.json, report.csv, report.html and report.tex.</summary>
    /// <param name="report">The report.</param>
    /// <param name="pathWithoutExtension">The files' common path.</param>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> WriteAll(OrderingAblationReport report, string pathWithoutExtension) =>
        [.. All.Select(exporter => exporter.WriteFile(report, pathWithoutExtension + exporter.Extension))];

    /// <summary>Reads a report back from its JSON.</summary>
    /// <param name="json">What <see cref="Json"/> wrote.</param>
    /// <exception cref="InvalidDataException">It is no report, or of a schema this version does not know.</exception>
    public static OrderingAblationReport ReadJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.Number)
                throw new InvalidDataException("This JSON is no ordering ablation report: it has no schema number.");
            if (schema.GetInt32() != OrderingAblationReport.CurrentSchema)
                throw new InvalidDataException($"The report has schema {schema.GetInt32()}; this version reads schema {OrderingAblationReport.CurrentSchema}.");
            return document.Deserialize<OrderingAblationReport>(AblationJson.Options)!;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The report cannot be read: {error.Message}", error);
        }
    }

    private string WriteFile(OrderingAblationReport report, string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        AtomicFile.WriteNamed(path, name => File.WriteAllText(name, Export(report)));
        return path;
    }
}
