using MlAttention.Ablation.Reporting;

namespace MlAttention;

/// <summary>
/// Puts a report into words. The headline compares sinusoidal positions with none (or the first scheme of the plan, if sinusoidal is not
/// in it): chosen before the runs, because the best of several schemes would flatter the effect.
/// </summary>
public static class VerdictWriter
{
    /// <summary>Seeds from which an exact sign-flip p can reach 0.05.</summary>
    internal const int SeedsForP = 6;

    private const double NearChance = 0.02, ClearlyAboveChance = 0.2;

    /// <summary>Writes the verdict of a report.</summary>
    public static ReportVerdict Write(OrderingAblationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Pretrained is not null) return PretrainedVerdict.Write(report);
        var main = report.Main;
        return new(MacroF1(report, main) + Headline(report, main), VerdictEvidence.Write(report, main), [.. Limits(report)]);
    }

    /// <summary>What a report is about, as its first line says it.</summary>
    internal static string Title(OrderingAblationReport report) => $"What {(report.Pretrained is null ? "position information is worth" : "word order is worth to a pretrained encoder")}: {report.Data.Name}";

    /// <summary>Whether an accuracy is that of guessing, up to two points.</summary>
    internal static bool IsAtChance(OrderingAblationReport report, double? accuracy) => accuracy <= report.Data.Chance + NearChance;

    /// <summary>What leads where accuracy speaks of one large class: the same difference in macro-F1. Nothing where the classes are of like size.</summary>
    internal static string MacroF1(OrderingAblationReport report, VariantComparison? main)
    {
        if (main is null || !report.Data.IsImbalanced || report.Find(main.First)?.MeanMacroF1 is not { } with || report.Find(main.Second)?.MeanMacroF1 is not { } without) return "";
        return $"Macro-F1, which counts all classes alike, is {Percent(with)} with \"{main.First.Name}\" and {Percent(without)} with \"{main.Second.Name}\": {Points(with - without)} points {Points(main.TwoLevelIntervals?.MacroF1)}. "
            + $"{Percent(report.Data.Chance)} of the test texts are {report.Data.LargestClass}; in accuracy: ";
    }

    private static string Headline(OrderingAblationReport report, VariantComparison? main)
    {
        string data = report.Data.Name;
        if (main is null) return $"Nothing can be said about positions on {data}: no scheme and its counterpart without positions both finished.";
        double? with = report.Find(main.First)?.MeanAccuracy, without = report.Find(main.Second)?.MeanAccuracy;
        string figures = $"{Percent(with)} of the test texts are right with {main.First.Name} positions, {Percent(without)} without (chance {Percent(report.Data.Chance)})";
        if (main.Seeds.Count < 2) return $"One run of each variant on {data}, which says nothing about how training varies, so nothing is concluded: {figures}.";
        string size = Number(Math.Round(Math.Abs(main.MeanDifference) * 100, 1)), margin = Quantity(report.Plan.EquivalenceMargin * 100, "point");
        string small = Math.Abs(main.MeanDifference) < report.Plan.EquivalenceMargin ? $" (detected, but smaller than the margin of {margin} set for equality)" : "";
        return main.Outcome switch
        {
            ComparisonOutcome.FirstBetter when IsAtChance(report, without) && with >= report.Data.Chance + ClearlyAboveChance =>
                $"On {data}, accuracy collapses to chance without position information: {figures}.",
            ComparisonOutcome.FirstBetter => $"On {data}, removing position information costs {size} points of accuracy{small}: {figures}.",
            ComparisonOutcome.SecondBetter => $"On {data}, the model is better without position information, by {size} points of accuracy{small}: {figures}.",
            ComparisonOutcome.Equivalent => $"No detectable effect of position information on {data}, and equality within {margin} is shown: {figures}.",
            _ => $"No detectable effect of position information on {data}; equality is not shown either: {figures}.",
        };
    }

    private static IEnumerable<string> Limits(OrderingAblationReport report)
    {
        yield return $"This holds for {report.Data.Name}, for classifiers of this size trained from scratch, and for texts like the {Count(report.Data.TestTexts)} tested. It says nothing about other tasks or about pretrained models.";
        yield return "\"Not shown to differ\" is not \"equal\": only the rows marked equal passed an equivalence test, with the margin stated.";
        yield return "All variants share one architecture, learning rate and number of epochs. A variant that lags may need other settings; that it cannot learn the task is not shown.";
        if (report.Plan.Seeds.Count < SeedsForP) yield return $"With {Quantity(report.Plan.Seeds.Count, "seed")} this is a first look: no p-value and no equality can be claimed. The default plan has 10.";
        yield return "The seeds vary dev split, data order and initial weights. The test texts are one draw, the same for all seeds; only the intervals over seeds and texts allow for that.";
        if (report.Plan.Shuffling.Any(shuffling => shuffling != TokenShuffling.None))
            yield return "Shuffled texts are unlike any text the models were trained on, so a loss under shuffling may be surprise as well as missing order; rows \"both shuffled\" tell the two apart.";
        if (report.Plan.GroupColumn is null) yield return "No group column was given: if texts come in variants of each other, some may stand on both sides of the split.";
    }
}

/// <summary>The report in words.</summary>
/// <param name="Headline">What was lost, in one sentence.</param>
/// <param name="Evidence">How sure that is, and what else was found; one sentence or two each.</param>
/// <param name="Limits">What may not be concluded.</param>
public sealed record ReportVerdict(string Headline, IReadOnlyList<string> Evidence, IReadOnlyList<string> Limits);
