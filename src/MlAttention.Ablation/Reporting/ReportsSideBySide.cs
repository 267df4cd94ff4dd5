using MlAttention.Ablation.Reporting.Figures;

namespace MlAttention.Ablation.Reporting;

/// <summary>Several reports in one forest plot and one table: other data, another engine, another version.</summary>
/// <param name="reports">Each with its name, all with the same margin and level.</param>
internal sealed class ReportsSideBySide(IReadOnlyList<(string Name, OrderingAblationReport Report)> reports)
{
    private const string Title = "Reports side by side", Caption = "Points of accuracy gained, report by report";

    /// <summary>What differs between the settings that must be the same for one plot; null when nothing does.</summary>
    public string? Misfit()
    {
        var (margin, level) = (First.Plan.EquivalenceMargin, First.Plan.ConfidenceLevel);
        foreach (var (name, report) in reports.Skip(1))
        {
            if (report.Plan.EquivalenceMargin != margin) return $"{name} has a margin of equality of {Number(report.Plan.EquivalenceMargin)}, {reports[0].Name} one of {Number(margin)}; make them with the same --margin.";
            if (report.Plan.ConfidenceLevel != level) return $"{name} has a confidence level of {Number(report.Plan.ConfidenceLevel)}, {reports[0].Name} one of {Number(level)}.";
        }
        return reports.FirstOrDefault(one => Rows(one.Report).Count == 0) is { Report: not null } empty ? $"{empty.Name} compares nothing with a model without positions or without order." : null;
    }

    /// <summary>One row for each difference of each report.</summary>
    public ReportTable Table() => new("Differences, in points of accuracy", ["report", "variant", "difference", "interval, seeds and texts", "outcome", "seeds", "accuracy", "engine"], 2,
    [
        .. reports.SelectMany(one => Rows(one.Report).Select(IReadOnlyList<string> (row) =>
        [
            one.Name, row.Name, Points(row.Comparison!.MeanDifference), Points(row.Comparison.Interval), ReportTables.OutcomeName(row.Comparison), Count(row.Comparison.Seeds.Count),
            Percent(one.Report.Find(row.Comparison.First)?.MeanAccuracy), one.Report.Find(row.Comparison.First)?.Engine ?? "",
        ])),
    ]);

    /// <summary>The page.</summary>
    public string Html() => HtmlReport.WritePage(Title, string.Join("; ", reports.Select(one => $"{one.Name}: {ReportSummary.Strip(one.Report)}")), Caption, Figure(), Table(), new([.. reports.Select(one => one.Report)]));

    private OrderingAblationReport First => reports[0].Report;

    private string Figure() => new ForestPlot(First.Plan.EquivalenceMargin, First.Plan.ConfidenceLevel, "each against the model without positions, or ordered against each")
        .Draw("side-by-side", Title, [.. reports.SelectMany(one => Rows(one.Report).Prepend(new(one.Name)))]);

    private static IReadOnlyList<ForestPlot.Row> Rows(OrderingAblationReport report) => report.Pretrained is null ? new EffectPlot().Rows(report) : new WorthPlot().Rows(report);
}
