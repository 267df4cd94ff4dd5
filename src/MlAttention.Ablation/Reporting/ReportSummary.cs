namespace MlAttention.Ablation.Reporting;

/// <summary>What stands beside the main figure: four numbers, and one line on what they rest on.</summary>
internal static class ReportSummary
{
    /// <summary>With, without, the difference and what it allows to say; none where nothing was compared.</summary>
    public static IReadOnlyList<SummaryTile> Tiles(OrderingAblationReport report)
    {
        if (Main(report) is not { } main) return [];
        string unit = report.Data.IsImbalanced ? "accuracy" : "of the test texts right";
        string level = Number(report.Plan.ConfidenceLevel * 100);
        return
        [
            new(Percent(report.Find(main.First)?.MeanAccuracy), $"{unit} with {Described(main.First)}"),
            new(Percent(report.Find(main.Second)?.MeanAccuracy), $"{unit} with {Described(main.Second)}; chance {Percent(report.Data.Chance)}"),
            new($"{Points(main.MeanDifference)} points", main.Interval is null ? "difference, of one seed" : $"difference; {level}% interval {Points(main.Interval)}"),
            new(Outcome(report, main), $"{Counted(main.Seeds.Count, "seed")}{(main.AdjustedP is null ? "" : $", {PIs(main.AdjustedP)} after Holm")}"),
        ];
    }

    /// <summary>Data, texts, seeds, date, and whether it is a first look.</summary>
    public static string Strip(OrderingAblationReport report)
    {
        string[] parts =
        [
            report.Data.Name, $"{Count(report.Data.TrainingTexts)} training and {Count(report.Data.TestTexts)} test texts", Counted(report.Data.Classes.Count, "class", "classes"),
            Counted(report.Plan.Seeds.Count, "seed"), report.Created.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            .. PartsText.Short(report.Plan) is { } ofParts ? [ofParts] : Array.Empty<string>(),
            .. report.Plan.Seeds.Count < VerdictWriter.SeedsForP ? ["first look"] : Array.Empty<string>(),
        ];
        return string.Join(" · ", parts);
    }

    /// <summary>How sure the difference is, as the verdict's evidence says it; null where nothing was compared.</summary>
    public static string? Certainty(OrderingAblationReport report) => Main(report) is { } main ? VerdictEvidence.Certainty(report, main) : null;

    /// <summary>What no one may miss who reads the headline alone: how sure it is, and whether a linear model does better.</summary>
    public static IEnumerable<string> Sentences(OrderingAblationReport report) => new[] { Certainty(report), LinearModels.BetterThanAll(report) }.OfType<string>();

    private static VariantComparison? Main(OrderingAblationReport report) => report.Pretrained is { IsSound: false } ? null : report.Main;

    private static string Described(AblationVariant variant) => variant switch
    {
        { Pretrained: PretrainedVariant.Ordered } => "texts in order",
        { Pretrained: not null } => $"\"{variant.Name}\", the best without order",
        { Positions: PositionScheme.None } => "no positions",
        _ => $"{variant.Name} positions",
    };

    private static string Outcome(OrderingAblationReport report, VariantComparison main)
    {
        string what = report.Pretrained is null ? "positions" : "order";
        if (main.Seeds.Count < 2) return "one seed: nothing concluded";
        return main.Outcome switch
        {
            ComparisonOutcome.FirstBetter => $"{what} {(what == "order" ? "helps" : "help")}",
            ComparisonOutcome.SecondBetter => $"better without {what}",
            ComparisonOutcome.Equivalent => $"equal within {Quantity(report.Plan.EquivalenceMargin * 100, "point")}",
            _ => "no detectable effect",
        };
    }
}

/// <summary>A number of the summary.</summary>
/// <param name="Figure">The number, or the outcome in two or three words.</param>
/// <param name="Caption">What it is.</param>
internal sealed record SummaryTile(string Figure, string Caption);
