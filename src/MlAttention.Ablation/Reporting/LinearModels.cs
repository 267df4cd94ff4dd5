namespace MlAttention.Ablation.Reporting;

/// <summary>What models without attention say about the data, and about the variants beside them.</summary>
internal static class LinearModels
{
    /// <summary>Their figures, what bigrams add to words, and whether one of them does better than every variant; null without baselines.</summary>
    public static string? Read(OrderingAblationReport report)
    {
        if (report.Baselines.Count == 0) return null;
        string?[] sentences = [Figures(report), ChanceAndMajority(report), Bigrams(report), BetterThanAll(report)];
        return string.Join(' ', sentences.OfType<string>());
    }

    private static string Figures(OrderingAblationReport report) =>
        $"Without attention{(report.Data.IsImbalanced ? ", macro-F1" : "")}: {List([.. report.Baselines.Select(baseline => $"{baseline.Name} {Percent(ScoreOf(report, baseline))}")])}.";

    private static string? ChanceAndMajority(OrderingAblationReport report) =>
        report.Baselines.FirstOrDefault(baseline => baseline.Kind == BaselineKind.Majority) is { } majority && Percent(majority.MeanAccuracy) != Percent(report.Data.Chance)
            ? $"The majority class is that of the training texts and right for {Percent(majority.MeanAccuracy)} of the test texts; chance is the most frequent class of the test texts, {Percent(report.Data.Chance)}."
            : null;

    private static string? Bigrams(OrderingAblationReport report)
    {
        if (Of(BaselineKind.BagOfWords) is not { } words || Of(BaselineKind.BagOfBigrams) is not { } bigrams) return null;
        double gain = ScoreOf(report, bigrams) - ScoreOf(report, words);
        return gain >= report.Plan.EquivalenceMargin ? $"Bigrams add {Points(gain).TrimStart('+')} points to the bag of words: order matters to a linear model." : null;

        BaselineResult? Of(BaselineKind kind) => report.Baselines.FirstOrDefault(baseline => baseline.Kind == kind);
    }

    /// <summary>That a linear model does better than every variant, so that these have not learned enough; null where none does.</summary>
    public static string? BetterThanAll(OrderingAblationReport report)
    {
        if (report.Baselines.Count == 0) return null;
        var best = report.Variants.Where(result => result.Runs.Count > 0).MaxBy(result => ScoreOf(report, result));
        var linear = report.Baselines.MaxBy(baseline => ScoreOf(report, baseline))!;
        if (best is null || ScoreOf(report, linear) <= ScoreOf(report, best) + report.Plan.EquivalenceMargin) return null;
        return $"A model without attention does better than every variant: {linear.Name} {Percent(ScoreOf(report, linear))}, the best variant, {best.Variant.Name}, {Percent(ScoreOf(report, best))}. "
            + $"The variants have not learned what the texts hold, so raise --epochs (at most {Count(report.Plan.Epochs)} here) or give more texts before concluding.";
    }

    private static double ScoreOf(OrderingAblationReport report, BaselineResult baseline) => report.Data.IsImbalanced ? baseline.Runs.Average(run => run.MacroF1) : baseline.MeanAccuracy;

    private static double ScoreOf(OrderingAblationReport report, VariantResult result) => (report.Data.IsImbalanced ? result.MeanMacroF1 : result.MeanAccuracy) ?? 0;
}
