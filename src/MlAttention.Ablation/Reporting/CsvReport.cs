using CsvHelper;
using CsvHelper.Configuration;

namespace MlAttention.Ablation.Reporting;

/// <summary>A report's runs as CSV: one line a run, shares from 0 to 1.</summary>
internal static class CsvReport
{
    private static readonly string[] s_columns = ["variant", "encoder", "positions", "mask", "shuffling", "seed", "accuracy", "macro_f1", "matthews_correlation", "parameters", "engine", "failure"];

    /// <summary>The whole file.</summary>
    public static string Write(OrderingAblationReport report)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\n" });
        foreach (object?[] row in Rows(report).Prepend(s_columns))
        {
            foreach (object? field in row) csv.WriteField(Convert.ToString(field, CultureInfo.InvariantCulture));
            csv.NextRecord();
        }
        csv.Flush();
        return text.ToString();
    }

    private static IEnumerable<object?[]> Rows(OrderingAblationReport report)
    {
        foreach (var result in report.Variants)
        {
            foreach (var run in result.Runs) yield return [.. Identity(result.Variant), .. Figures(run), result.Parameters, result.Engine, null];
            foreach (var failure in result.Failures) yield return [.. Identity(result.Variant), failure.Seed, null, null, null, null, null, failure.Message];
        }
        foreach (var baseline in report.Baselines)
            foreach (var run in baseline.Runs) yield return [baseline.Name, "baseline", null, null, null, .. Figures(run), baseline.Parameters, null, null];
    }

    private static object[] Identity(AblationVariant variant) => [variant.Name, variant.Encoder, variant.Positions, variant.Mask, variant.Shuffling];

    private static object[] Figures(RunScore run) => [run.Seed, run.Accuracy, run.MacroF1, run.MatthewsCorrelation];
}
