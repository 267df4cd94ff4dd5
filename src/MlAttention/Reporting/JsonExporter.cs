using System.Text.Json;
using MlAttention.Ablation;

namespace MlAttention.Reporting;

/// <summary>The whole report as JSON; docs/REPORT.md describes it. Every other format can be made again from it.</summary>
public sealed class JsonExporter : IReportExporter
{
    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public string Extension => ".json";

    /// <inheritdoc/>
    public string Export(OrderingAblationReport report) => JsonSerializer.Serialize(report, AblationJson.Indented) + "\n";

    /// <summary>Reads a report back.</summary>
    /// <param name="json">What <see cref="Export"/> wrote.</param>
    /// <exception cref="InvalidDataException">It is no report, or of a schema this version does not know.</exception>
    public static OrderingAblationReport Import(string json)
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
}
