using MlAttention.Ablation;
using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Positions;
using static MlAttention.Reporting.ReportText;

namespace MlAttention.Reporting;

/// <summary>
/// Puts a report into words. The headline compares sinusoidal positions with none (or the first scheme of the plan, if sinusoidal is not
/// in it): chosen before the runs, because the best of several schemes would flatter the effect.
/// </summary>
public static class VerdictWriter
{
    private const double NearChance = 0.02, ClearlyAboveChance = 0.2;

    /// <summary>Writes the verdict of a report.</summary>
    public static ReportVerdict Write(OrderingAblationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var main = MainComparison(report);
        return new(Headline(report, main), [.. Evidence(report, main)], [.. Limits(report)]);
    }

    /// <summary>The comparison of the headline, or null when the plan has no scheme to compare with none.</summary>
    internal static VariantComparison? MainComparison(OrderingAblationReport report)
    {
        var candidates = report.Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Positions && comparison.First.Mask == report.Plan.Masks[0]).ToArray();
        return candidates.FirstOrDefault(comparison => comparison.First.Positions == PositionScheme.Sinusoidal) ?? candidates.FirstOrDefault();
    }

    private static string Headline(OrderingAblationReport report, VariantComparison? main)
    {
        string data = report.Data.Name;
        if (main is null) return $"Nothing can be said about positions on {data}: no scheme and its counterpart without positions both finished.";
        double? with = report.Find(main.First)?.MeanAccuracy, without = report.Find(main.Second)?.MeanAccuracy;
        string figures = $"{Percent(with)} of the test texts are right with {main.First.Name} positions, {Percent(without)} without (chance {Percent(report.Data.Chance)})";
        if (main.Seeds.Count < 2) return $"One run of each variant on {data}, which says nothing about how training varies, so nothing is concluded: {figures}.";
        return main.Outcome switch
        {
            ComparisonOutcome.FirstBetter when without <= report.Data.Chance + NearChance && with >= report.Data.Chance + ClearlyAboveChance =>
                $"On {data}, accuracy collapses to chance without position information: {figures}.",
            ComparisonOutcome.FirstBetter => $"On {data}, removing position information costs {Number(Math.Round(main.MeanDifference * 100, 1))} points of accuracy: {figures}.",
            ComparisonOutcome.SecondBetter => $"On {data}, the model is better without position information: {figures}.",
            ComparisonOutcome.Equivalent =>
                $"No detectable effect of position information on {data}, and equality within {Number(report.Plan.EquivalenceMargin * 100)} point(s) is shown: {figures}.",
            _ => $"No detectable effect of position information on {data}; equality is not shown either: {figures}.",
        };
    }

    private static IEnumerable<string> Evidence(OrderingAblationReport report, VariantComparison? main)
    {
        if (main is not null) yield return Certainty(report, main);
        if (SchemeSentence(report) is { } schemes) yield return schemes;
        foreach (string sentence in MaskSentences(report)) yield return sentence;
        foreach (var proof in report.Invariance) yield return InvarianceSentence(proof);
        if (BaselineSentence(report) is { } baselines) yield return baselines;
        if (main is not null && report.Find(main.First) is { FlipRate: { } flips, ReversalFlipRate: { } reversed })
            yield return $"With {main.First.Name} positions, shuffling a text's tokens changes {Percent(flips)} of the predictions and reading it backwards {Percent(reversed)}.";
        int failures = report.Variants.Where(result => result.Variant.Shuffling is TokenShuffling.None or TokenShuffling.Train).Sum(result => result.Failures.Count);
        if (failures > 0) yield return $"{failures} run(s) failed and are left out of every figure; the table names them.";
    }

    private static string Certainty(OrderingAblationReport report, VariantComparison main)
    {
        string level = Number(report.Plan.ConfidenceLevel * 100);
        string interval = $"The difference is {Points(main.MeanDifference)} points; {level}% interval over seeds and test texts {Points(main.TwoLevelIntervals?.Accuracy)}, over {main.Seeds.Count} seed(s) alone {Points(main.SeedInterval)}.";
        return main.P is null
            ? $"{interval} {main.Seeds.Count} seed(s) cannot give a sign-flip p below {Number(main.SmallestPossibleP)}, so no p-value is claimed; it takes 6 or more."
            : $"{interval} Exact sign-flip p = {P(main.P)}, {P(main.AdjustedP)} after Holm's correction for the {report.Comparisons.Count(other => other.Question == main.Question)} comparisons with none"
                + (main.CanReachLevel ? "." : $"; {main.Seeds.Count} seeds cannot bring that below {Number(1 - report.Plan.ConfidenceLevel)}, so the intervals decide.");
    }

    private static string? SchemeSentence(OrderingAblationReport report)
    {
        var comparisons = report.Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Schemes && comparison.First.Mask == report.Plan.Masks[0]).ToArray();
        if (comparisons.Length == 0) return null;
        string[] parts =
        [
            .. Part(ComparisonOutcome.Equivalent, $"equal within {Number(report.Plan.EquivalenceMargin * 100)} point(s) (equivalence test)"),
            .. Part(ComparisonOutcome.FirstBetter, "worse"),
            .. Part(ComparisonOutcome.SecondBetter, "better"),
            .. Part(ComparisonOutcome.Undecided, "neither shown to differ nor to be equal"),
        ];
        return $"Against sinusoidal positions: {string.Join("; ", parts)}.";

        IEnumerable<string> Part(ComparisonOutcome outcome, string words)
        {
            string[] names = [.. comparisons.Where(comparison => comparison.Outcome == outcome).Select(comparison => comparison.Second.Name)];
            if (names.Length > 0) yield return $"{List(names)} {(names.Length == 1 ? "is" : "are")} {words}";
        }
    }

    private static IEnumerable<string> MaskSentences(OrderingAblationReport report)
    {
        foreach (var comparison in report.Comparisons.Where(comparison => comparison.Question == ComparisonQuestion.Mask && comparison.First.Mask == MaskKind.Causal))
        {
            string figures = $"{Percent(report.Find(comparison.First)?.MeanAccuracy)} against {Percent(report.Find(comparison.Second)?.MeanAccuracy)}";
            yield return comparison.Outcome == ComparisonOutcome.FirstBetter
                ? $"A causal mask tells order without any position encoding ({figures}): each token sees only those before it, so the number of tokens it sees is its position (Haviv et al. 2022)."
                : $"None with a causal mask reaches {figures} of none without; a causal mask can tell order (Haviv et al. 2022), but no use of it was detected here.";
        }
    }

    private static string InvarianceSentence(InvarianceProof proof) => proof.Holds
        ? $"Invariance, a theorem for {Describe(proof.Variant)}: over all test texts and shuffles no logit changed by more than {Number(proof.LargestLogitChange)} (bound {Number(proof.Bound)})."
        : $"INVARIANCE VIOLATED for {Describe(proof.Variant)}: a logit changed by {Number(proof.LargestLogitChange)}, more than {Number(proof.Bound)}. The theorem holds, so the implementation or its rounding is at fault; do not trust the row.";

    private static string Describe(AblationVariant variant) =>
        variant.Encoder == EncoderKind.Attention ? "bidirectional attention without positions" : $"a {variant.Name}";

    private static string? BaselineSentence(OrderingAblationReport report) =>
        report.Baselines.Count == 0 ? null : $"Without attention: {List([.. report.Baselines.Select(baseline => $"{baseline.Name} {Percent(baseline.MeanAccuracy)}")])}.";

    private static IEnumerable<string> Limits(OrderingAblationReport report)
    {
        yield return $"This holds for {report.Data.Name}, for classifiers of this size trained from scratch, and for texts like the {Count(report.Data.TestTexts)} tested. It says nothing about other tasks or about pretrained models.";
        yield return "\"Not shown to differ\" is not \"equal\": only the rows marked equal passed an equivalence test, with the margin stated.";
        if (report.Plan.Seeds.Count < 6) yield return $"{report.Plan.Seeds.Count} seed(s) are a first look. The default plan has 10.";
        yield return "Shuffled texts are unlike any text the models were trained on, so a loss under shuffling may be surprise as well as missing order; the rows \"both shuffled\" tell the two apart.";
        if (report.Plan.GroupColumn is null) yield return "No group column was given: if texts come in variants of each other, some may stand on both sides of the split.";
    }
}
