using MlAttention.Ablation.Reporting;
using MlAttention.Tests.Ablation;

namespace MlAttention.Tests.Reporting;

public class AccuracyRowsTests
{
    [Fact]
    public void Of_ManyVariants_KeepsThoseOfTheHeadlineTheBestAndTheLinearModel()
    {
        var report = FakeAblation.Report();
        var all = ReportTables.Accuracy(report);

        var rows = AccuracyRows.Of(report);

        string[] names = [.. rows.Rows.Select(row => row[0])];
        string best = report.Variants.Where(result => result.Variant.Shuffling == TokenShuffling.None).MaxBy(result => result.MeanAccuracy)!.Variant.Name;
        Assert.Equal(AccuracyRows.Most, names.Length);
        Assert.Superset(new HashSet<string>(["none", "sinusoidal", "sinusoidal, test shuffled", best]), names.ToHashSet());
        Assert.Equal(all.Rows.Where(row => names.Contains(row[0])).Select(row => string.Join('|', row)), rows.Rows.Select(row => string.Join('|', row))); // in the table's order, unchanged
        Assert.EndsWith(FormattableString.Invariant($", 6 of {all.Rows.Count} rows"), rows.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FewVariants_IsTheWholeTable()
    {
        var report = FakeAblation.Report();
        report = report with { Variants = [.. report.Variants.Take(2)], Baselines = [] };
        Assert.Equal(ReportTables.Accuracy(report).Title, AccuracyRows.Of(report).Title);
        Assert.Equal(2, AccuracyRows.Of(report).Rows.Count);
    }
}
