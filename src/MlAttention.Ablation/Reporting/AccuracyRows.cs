namespace MlAttention.Ablation.Reporting;

/// <summary>The few rows of the accuracy table that answer the question.</summary>
internal static class AccuracyRows
{
    /// <summary>How many there are at most.</summary>
    public const int Most = 6;

    /// <summary>
    /// The two variants of the headline, the best one in order, the first of the headline shuffled at test, the linear model over pairs of
    /// words, the majority class; then others in the table's order, as far as there is room. The title says of how many.
    /// </summary>
    public static ReportTable Of(OrderingAblationReport report)
    {
        var all = ReportTables.Accuracy(report);
        var best = report.Variants.Where(result => result.Variant.Shuffling == TokenShuffling.None && result.MeanAccuracy is not null).MaxBy(result => result.MeanAccuracy);
        string?[] first =
        [
            report.Main?.First.Name, report.Main?.Second.Name, best?.Variant.Name, report.Main is { First.Pretrained: null } main ? (main.First with { Shuffling = TokenShuffling.Test }).Name : null,
            Baseline(BaselineKind.BagOfBigrams), Baseline(BaselineKind.Majority),
        ];
        var chosen = first.OfType<string>().Concat(all.Rows.Select(row => row[0])).Where(name => all.Rows.Any(row => row[0] == name)).Distinct().Take(Most).ToHashSet();
        return all with { Rows = [.. all.Rows.Where(row => chosen.Contains(row[0]))], Title = all.Rows.Count <= Most ? all.Title : Invariant($"{all.Title}, {Most} of {all.Rows.Count} rows") };

        string? Baseline(BaselineKind kind) => report.Baselines.FirstOrDefault(baseline => baseline.Kind == kind) is { } found ? $"({found.Name})" : null;
    }
}
