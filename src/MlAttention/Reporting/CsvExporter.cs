using System.Globalization;
using System.Text;
using MlAttention.Ablation;

namespace MlAttention.Reporting;

/// <summary>Every run on a line of its own, for other statistics programs. Shares are from 0 to 1.</summary>
public sealed class CsvExporter : IReportExporter
{
    private const string Header = "variant,encoder,positions,mask,shuffling,seed,accuracy,macro_f1,matthews_correlation,parameters,engine,failure";

    /// <inheritdoc/>
    public string Name => "csv";

    /// <inheritdoc/>
    public string Extension => ".csv";

    /// <inheritdoc/>
    public string Export(OrderingAblationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var text = new StringBuilder(Header).Append('\n');
        foreach (var result in report.Variants)
        {
            foreach (var run in result.Runs) Append(text, [.. Identity(result.Variant), .. Figures(run), Text(result.Parameters), result.Engine, ""]);
            foreach (var failure in result.Failures) Append(text, [.. Identity(result.Variant), Text(failure.Seed), "", "", "", "", "", failure.Message]);
        }
        foreach (var baseline in report.Baselines)
            foreach (var run in baseline.Runs) Append(text, [baseline.Name, "baseline", "", "", "", .. Figures(run), Text(baseline.Parameters), "", ""]);
        return text.ToString();
    }

    private static string[] Identity(AblationVariant variant) => [variant.Name, $"{variant.Encoder}", $"{variant.Positions}", $"{variant.Mask}", $"{variant.Shuffling}"];

    private static string[] Figures(RunScore run) => [Text(run.Seed), Text(run.Accuracy), Text(run.MacroF1), Text(run.MatthewsCorrelation)];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Append(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Quote)).Append('\n');

    private static string Quote(string field) =>
        field.AsSpan().IndexOfAny("\",\r\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
