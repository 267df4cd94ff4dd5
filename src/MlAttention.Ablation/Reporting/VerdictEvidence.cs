namespace MlAttention.Ablation.Reporting;

/// <summary>What the headline of a report rests on, and what else was found, one sentence or two for each finding.</summary>
internal static class VerdictEvidence
{
    private const int SeedsOfAPlan = 10;
    private const double TextsDecide = 1.5;      // beyond so many times the interval over seeds alone, test texts are what widens it

    /// <summary>All sentences that the report has figures for.</summary>
    public static IReadOnlyList<string> Write(OrderingAblationReport report, VariantComparison? main)
    {
        string?[] sentences =
        [
            main is null ? null : Certainty(report, main), Schemes(report), Clipping(report),
            .. Of(report, ComparisonQuestion.Mask).Select(comparison => Mask(report, comparison)), .. report.Invariance.Select(Invariance), Encoders(report), LinearModels.Read(report),
            main is null ? null : Shuffling(report, main.First), main is null ? null : Flips(report, main.First), Failures(report),
        ];
        return [.. sentences.OfType<string>()];
    }

    /// <summary>How sure the difference of the headline is.</summary>
    public static string Certainty(OrderingAblationReport report, VariantComparison main)
    {
        string level = Number(report.Plan.ConfidenceLevel * 100);
        string interval = $"The difference is {Points(main.MeanDifference)} points; {level}% interval over seeds and test texts {Points(main.Interval)}, over {Quantity(main.Seeds.Count, "seed")} alone {Points(main.SeedInterval)}.";
        string missed = main.Outcome == ComparisonOutcome.Undecided ? NotRuledOut(main) + DecidedBy(report, main) : "";
        if (main.P is null)
            return $"{interval}{missed} {Quantity(main.Seeds.Count, "seed")} cannot give a sign-flip p below {Number(main.SmallestPossibleP)}, so no p-value is claimed; it takes {VerdictWriter.SeedsForP} or more.";
        string equality = main.Outcome == ComparisonOutcome.Equivalent ? $" Equivalence test {PIs(main.EquivalenceP)}." : "";
        int tested = report.Comparisons.Count(other => other.Question == main.Question && other.P is not null);
        return $"{interval}{missed} Exact sign-flip {PIs(main.P)}, {P(main.AdjustedP)} after Holm's correction for the {tested} comparisons with {(main.Question == ComparisonQuestion.Order ? "ordered" : "none")}"
            + (main.CanReachLevel ? "." : $"; {main.Seeds.Count} seeds cannot bring that below {Number(1 - report.Plan.ConfidenceLevel)}, so the intervals decide.") + equality;
    }

    private static string NotRuledOut(VariantComparison main) =>
        main.Interval is { } range && range.Lower < range.Upper ? " An effect as large as the ends of these intervals is not ruled out." : "";

    /// <summary>The command that would show a difference as large as the one seen, or that there is none beyond the margin.</summary>
    private static string DecidedBy(OrderingAblationReport report, VariantComparison main)
    {
        if (main.Seeds.Count < 2 || main.SeedInterval is not { } overSeeds || main.Interval is not { } overAll) return "";
        double target = Math.Max(Math.Abs(main.MeanDifference), report.Plan.EquivalenceMargin);
        double halfWidth = Normal.InvCDF(0, 1, (1 + report.Plan.ConfidenceLevel) / 2);      // in standard errors
        int seeds = (int)Math.Ceiling(Math.Pow(halfWidth * Sample.StandardDeviation(main.Differences) / target, 2));
        bool textsDecide = overAll.Upper - overAll.Lower > TextsDecide * (overSeeds.Upper - overSeeds.Lower);
        string texts = $"more test texts than {Count(report.Data.TestTexts)}, which set the width of the interval (--test, or a larger --test-fraction)";
        if (seeds <= main.Seeds.Count && main.Seeds.Count >= VerdictWriter.SeedsForP) return $" What would decide it: {texts}.";
        string data = report.Data.Name.Contains(' ', StringComparison.Ordinal) ? $"\"{report.Data.Name}\"" : report.Data.Name;
        string pretrained = report.Plan.PretrainedDetails?.Encoder is { } encoder ? $" --pretrained {encoder.Name}" : "";
        return $" What would decide it: mlattention ablate {data}{pretrained} --seeds {Invariant($"{Math.Max(SeedsOfAPlan, seeds)}")}{(textsDecide ? $", with {texts}" : "")}.";
    }

    private static string? Schemes(OrderingAblationReport report)
    {
        var comparisons = Of(report, ComparisonQuestion.Schemes).Where(comparison => comparison.First.Mask == report.Plan.Masks[0]).ToArray();
        if (comparisons.Length == 0) return null;
        string[] parts =
        [
            .. Part(ComparisonOutcome.Equivalent, $"equal within {Quantity(report.Plan.EquivalenceMargin * 100, "point")} (equivalence test)"),
            .. Part(ComparisonOutcome.FirstBetter, $"worse{ByIntervals(comparisons[0])}"),
            .. Part(ComparisonOutcome.SecondBetter, $"better{ByIntervals(comparisons[0])}"),
            .. Part(ComparisonOutcome.Undecided, "neither shown to differ nor to be equal"),
        ];
        return $"Against sinusoidal positions: {string.Join("; ", parts)}.";

        IEnumerable<string> Part(ComparisonOutcome outcome, string words)
        {
            string[] names = [.. comparisons.Where(comparison => comparison.Outcome == outcome).Select(comparison => $"{comparison.Second.Name} ({Points(-comparison.MeanDifference)})")];
            if (names.Length > 0) yield return $"{List(names)} {(names.Length == 1 ? "is" : "are")} {words}";
        }
    }

    private static string? Clipping(OrderingAblationReport report)
    {
        var comparisons = Of(report, ComparisonQuestion.Clipping).ToArray();
        if (comparisons.Length == 0) return null;
        var parts = comparisons.Select(comparison => $"{Percent(Accuracy(report, comparison.Second))} with k={comparison.Second.ClipDistance} ({Outcome(report, comparison)})");
        return $"Shaw's relative positions reach {Percent(Accuracy(report, comparisons[0].First))} with a clipping distance of k={report.Plan.Model.PositionDetails.ClipDistance}, {List([.. parts])}.";
    }

    private static string Mask(OrderingAblationReport report, VariantComparison comparison)
    {
        string mask = VariantNames.Of(comparison.First.Mask);
        string figures = $"{Percent(Accuracy(report, comparison.First))} against {Percent(Accuracy(report, comparison.Second))}, {Points(comparison.MeanDifference)} points, interval {Points(comparison.Interval)}";
        bool isCausal = comparison.First.Mask.IsCausal;
        string why = isCausal
            ? "each token sees only those before it, so the number of tokens it sees is its position (Haviv et al. 2022)"
            : "each token sees only its neighbours, so what it sees depends on their order";
        return comparison.Outcome switch
        {
            ComparisonOutcome.FirstBetter when VerdictWriter.IsAtChance(report, Accuracy(report, comparison.Second)) =>
                $"A {mask} mask tells order without any position encoding, so this row is not at chance ({figures}): {why}.",
            ComparisonOutcome.FirstBetter => $"Without positions, a {mask} mask is worth {Points(comparison.MeanDifference)} points ({figures}): {why}.",
            ComparisonOutcome.SecondBetter =>
                $"Without positions, a {mask} mask costs {Number(Math.Round(-comparison.MeanDifference * 100, 1))} points here ({figures}): it hides tokens, and what order it tells did not make up for that.",
            ComparisonOutcome.Equivalent => $"Without positions, a {mask} mask makes no difference within the margin ({figures}).",
            _ => $"Without positions, no effect of a {mask} mask was detected ({figures}); it can tell order, but no use of that shows here.",
        };
    }

    private static string Invariance(InvarianceProof proof)
    {
        string model = proof.Variant switch
        {
            { Encoder: EncoderKind.BagOfEmbeddings } => "a bag of embeddings",
            { Positions: PositionScheme.None } => "bidirectional attention without positions",
            _ => $"bidirectional attention with {proof.Variant.Name}, which knows no distances",
        };
        return proof.Holds
            ? $"Invariance, a theorem for {model}: over all test texts and shuffles no logit changed by more than {Number(proof.LargestLogitChange)} (bound {Number(proof.Bound)})."
            : $"INVARIANCE VIOLATED for {model}: a logit changed by {Number(proof.LargestLogitChange)}, more than {Number(proof.Bound)}. The theorem holds, so the implementation or its rounding is at fault; do not trust the row.";
    }

    private static string? Encoders(OrderingAblationReport report)
    {
        string[] parts = [.. Of(report, ComparisonQuestion.Encoder).Select(comparison => $"{comparison.First.Name} {Percent(Accuracy(report, comparison.First))} ({Points(comparison.MeanDifference)}, {Outcome(report, comparison)})")];
        return parts.Length == 0 ? null : $"Other encoders, against attention without positions: {List(parts)}.";
    }

    private static string? Shuffling(OrderingAblationReport report, AblationVariant variant)
    {
        string[] parts =
        [
            .. new[] { (TokenShuffling.Test, "shuffled at test"), (TokenShuffling.Train, "shuffled in training"), (TokenShuffling.Both, "shuffled in both") }
                .Select(kind => (Words: kind.Item2, Accuracy: Accuracy(report, variant with { Shuffling = kind.Item1 })))
                .Where(kind => kind.Accuracy is not null).Select(kind => $"{Percent(kind.Accuracy)} {kind.Words}"),
        ];
        return parts.Length == 0 ? null : $"{Capital(variant.Name)} reaches {Percent(Accuracy(report, variant))} in order, {List(parts)}.";
    }

    private static string? Flips(OrderingAblationReport report, AblationVariant variant) =>
        report.Find(variant) is { FlipRate: { } flips, ReversalFlipRate: { } reversed }
            ? $"With {variant.Name} positions, shuffling a text's tokens changes {Percent(flips)} of the predictions and reading it backwards {Percent(reversed)}."
            : null;

    /// <summary>What failed.</summary>
    public static string? Failures(OrderingAblationReport report)
    {
        int failures = report.Variants.Where(result => result.Variant.Shuffling is TokenShuffling.None or TokenShuffling.Train).Sum(result => result.Failures.Count);
        return failures == 0 ? null : $"Left out of every figure: {Quantity(failures, "run")} that failed; the table names them.";
    }

    private static IEnumerable<VariantComparison> Of(OrderingAblationReport report, ComparisonQuestion question) => report.Comparisons.Where(comparison => comparison.Question == question);

    private static double? Accuracy(OrderingAblationReport report, AblationVariant variant) => report.Find(variant)?.MeanAccuracy;

    private static string Outcome(OrderingAblationReport report, VariantComparison comparison) => comparison.Outcome switch
    {
        ComparisonOutcome.FirstBetter => (comparison.Question == ComparisonQuestion.Clipping ? "worse" : "better") + ByIntervals(comparison),
        ComparisonOutcome.SecondBetter => (comparison.Question == ComparisonQuestion.Clipping ? "better" : "worse") + ByIntervals(comparison),
        ComparisonOutcome.Equivalent => $"equal within {Quantity(report.Plan.EquivalenceMargin * 100, "point")}",
        _ => "not shown to differ nor to be equal",
    };

    /// <summary>What a word such as "better" rests on where the seeds are too few for a p-value.</summary>
    private static string ByIntervals(VariantComparison comparison) => comparison.P is null ? " by the intervals" : "";
}
