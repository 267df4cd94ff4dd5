namespace MlAttention.Ablation.Reporting;

/// <summary>
/// The verdict on a pretrained encoder. What order is worth is what the ordered variant has over the best of those that no order reaches:
/// any other choice would count as order what words alone can give. Nothing is concluded where a gate fails.
/// </summary>
internal static class PretrainedVerdict
{
    /// <summary>The verdict.</summary>
    public static ReportVerdict Write(OrderingAblationReport report)
    {
        var main = report.Main;
        string?[] evidence =
        [
            Encoder(report), main is null ? null : VerdictEvidence.Certainty(report, main), Gates(report.Pretrained!), Positions(report), Shift(report), Dependence(report), Losses(report),
            Permutations(report), Rates(report), LinearModels.Read(report), Better(report), Facts(report), VerdictEvidence.Failures(report),
        ];
        return new(VerdictWriter.MacroF1(report, report.Pretrained!.IsSound ? main : null) + Headline(report, main), [.. evidence.OfType<string>()], [.. Limits(report)]);
    }

    /// <summary>What a gate says.</summary>
    public static string Gate(OrderGate gate) => gate.Kind switch
    {
        GateKind.BlindToPieces => $"Gate, {gate.Variant.Name}: {Count(PretrainedDetails.PieceShuffles)} shuffles of the pieces change no logit by more than {Number(gate.Value)} (bound {Number(gate.Bound)}): {Holds(gate)}.",
        GateKind.SameAnswers => $"Gate, {gate.Variant.Name}: no shuffle of the words changes an answer, so that Ω_max = Ω_rand = accuracy, P^c = 1, P^f = 0: {Holds(gate)}.",
        _ => $"Gate, {gate.Variant.Name}: shuffles of the pieces change logits, by up to {Number(gate.Value)}: {Holds(gate)}.",
    };

    private static string Gates(PretrainedStudy study)
    {
        if (!study.IsSound) return string.Join(' ', study.Gates.Select(Gate));
        string[] blind = [.. study.Gates.Where(gate => gate.Kind == GateKind.BlindToPieces).Select(gate => $"those of {gate.Variant.Name} by at most {Number(gate.Value)}")];
        string moved = blind.Length == 0 ? "" : $", and {List(blind)}, which is rounding; no shuffle of the words changes an answer of the latter, so that Ω_max = Ω_rand = accuracy, P^c = 1 and P^f = 0";
        return $"All gates hold: {Count(PretrainedDetails.PieceShuffles)} shuffles of the pieces change logits of ordered by up to {Number(study.Gates.Where(gate => gate.Kind == GateKind.SeesOrder).Max(gate => gate.Value))}{moved}.";
    }

    private static string Holds(OrderGate gate) => gate.Holds ? "holds" : "FAILS";

    private static string Headline(OrderingAblationReport report, VariantComparison? main)
    {
        string data = report.Data.Name, encoder = report.Plan.PretrainedDetails!.Encoder!.Name;
        if (!report.Pretrained!.IsSound)
            return $"No verdict on {data}: {List([.. report.Pretrained.Gates.Where(gate => !gate.Holds).Select(gate => $"\"{Gate(gate).TrimEnd('.')}\"")])}. What should be blind to order, or should see it, does not, so no difference may be read as order.";
        if (main is null) return $"Nothing can be said about order on {data}: the ordered variant and one that no order reaches did not both finish.";
        double? with = report.Find(main.First)?.MeanAccuracy, without = report.Find(main.Second)?.MeanAccuracy;
        string figures = $"{Percent(with)} of the test texts are right in order, {Percent(without)} with \"{main.Second.Name}\", the best without order (chance {Percent(report.Data.Chance)})";
        if (main.Seeds.Count < 2) return $"One run of each variant on {data}, which says nothing about how training varies, so nothing is concluded: {figures}.";
        string size = Number(Math.Round(Math.Abs(main.MeanDifference) * 100, 1)), margin = Quantity(report.Plan.EquivalenceMargin * 100, "point");
        return main.Outcome switch
        {
            ComparisonOutcome.FirstBetter when VerdictWriter.IsAtChance(report, without) => $"On {data}, the pretrained encoder {encoder} falls to chance without order: {figures}.",
            ComparisonOutcome.FirstBetter => $"On {data}, order is worth {size} points of accuracy to the pretrained encoder {encoder}: {figures}.",
            ComparisonOutcome.SecondBetter => $"On {data}, the pretrained encoder {encoder} is better without order, by {size} points of accuracy: {figures}.",
            ComparisonOutcome.Equivalent => $"No detectable worth of order on {data} to the pretrained encoder {encoder}, and equality within {margin} is shown: {figures}.",
            _ => $"No detectable worth of order on {data} to the pretrained encoder {encoder}; equality is not shown either: {figures}.",
        };
    }

    private static string Encoder(OrderingAblationReport report)
    {
        var encoder = report.Plan.PretrainedDetails!.Encoder!;
        return $"Pretrained: {encoder.Name} of the {encoder.Family} family, {encoder.Layers} layers of width {encoder.Width} with {encoder.Heads} heads, {Count(encoder.PositionRows)} positions, {Count(encoder.Tokens)} tokens, {Count(encoder.Parameters)} weights (fingerprint {encoder.Fingerprint[..16]}). Each variant is fine-tuned from it, none trained from nothing.";
    }

    private static string? Positions(OrderingAblationReport report) => Of(report, ComparisonQuestion.PretrainedPositions).FirstOrDefault() is { } comparison
        ? $"Pretrained positions are worth {Figures(comparison)} over positions drawn anew and trained, which can tell order too{Undecided(comparison)}."
        : null;

    private static string? Shift(OrderingAblationReport report) => Of(report, ComparisonQuestion.InputShift).FirstOrDefault() is { } comparison
        ? $"One learned vector for every position differs from none by {Figures(comparison)}: both are blind to order, so that is what a shift of the input alone does{Undecided(comparison)}."
        : null;

    private static string? Dependence(OrderingAblationReport report)
    {
        string[] parts = [.. Of(report, ComparisonQuestion.Dependence).Select(comparison => $"{comparison.Second.Name} {Points(-comparison.MeanDifference)} {Points(Negative(comparison.Interval))}")];
        return parts.Length == 0 ? null : $"Dependence, never worth: the ordered model with another test loses missing order and the surprise of unfamiliar input at once. {Capital(List(parts))}.";
    }

    private static string? Losses(OrderingAblationReport report)
    {
        string[] parts = [.. report.Pretrained!.Losses.Where(loss => loss.Share is not null && !loss.Variant.Pretrained!.Value.IsTestOnly()).Select(loss => $"{Percent(loss.Share)} by {loss.Variant.Name}")];
        return parts.Length == 0 ? null : $"Of what ordered has over the majority class, the share lost: {List(parts)}.";
    }

    private static string? Permutations(OrderingAblationReport report)
    {
        if (report.Pretrained!.Permutations.FirstOrDefault(result => result.Variant.Pretrained == PretrainedVariant.Ordered) is not { } ordered) return null;
        return $"Over {Count(ordered.Permutations)} random orders of {Count(ordered.Texts)} texts, ordered has Ω_max {Percent(ordered.Mean(figures => figures.OmegaMax))} (guessing {Percent(ordered.GuessersOmegaMax)}: a high Ω_max is no competence), "
            + $"Ω_rand {Percent(ordered.Mean(figures => figures.OmegaRandom))}, P^c {Percent(ordered.Mean(figures => figures.RightMean))}, P^f {Percent(ordered.Mean(figures => figures.WrongMean))}; "
            + $"{Percent(ordered.Mean(figures => figures.Agreement))} of its answers stay, with a mean confidence of {Percent(ordered.Mean(figures => figures.ShuffledConfidence))} against {Percent(ordered.Mean(figures => figures.Confidence))} in order; word-order sensitivity {Number(Rounded(ordered.Mean(figures => figures.Sensitivity)))}.";
    }

    private static string? Rates(OrderingAblationReport report)
    {
        var tried = report.Plan.PretrainedDetails!.LearningRates;
        if (tried.Count < 2) return null;
        string[] chosen = [.. report.Pretrained!.Rates.Select(rate => $"{rate.Variant.Name} {List([.. rate.Rates.Select(value => Number(value))])}")];
        return $"Each trained variant has the learning rate, of {List([.. tried.Select(rate => Number(rate))])}, with the best dev texts of seed {report.Plan.Seeds[0]}, which are a part of the training texts: {List(chosen)}.";
    }

    private static string? Better(OrderingAblationReport report)
    {
        double? ordered = report.Find(AblationVariant.Of(PretrainedVariant.Ordered))?.MeanAccuracy;
        BaselineResult[] better = [.. report.Baselines.Where(baseline => baseline.MeanAccuracy > ordered)];
        return better.Length == 0 ? null : $"{Capital(List([.. better.Select(baseline => baseline.Name)]))} {(better.Length == 1 ? "is" : "are")} better than the fine-tuned encoder itself: give it more epochs before concluding anything.";
    }

    private static string Facts(OrderingAblationReport report)
    {
        var facts = PublishedFacts.Of(report);
        string[] parts =
        [
            .. Part(FactOutcome.Agrees, "agrees exactly with"), .. Part(FactOutcome.AgreesInDirection, "agrees in direction with"), .. Part(FactOutcome.Differs, "DIFFERS from"), .. Part(FactOutcome.NotMeasured, "does not measure"),
        ];
        return $"Of the published facts in the table below, this report {List(parts)}.";

        IEnumerable<string> Part(FactOutcome outcome, string words)
        {
            string[] numbers = [.. facts.Where(fact => fact.Outcome == outcome).Select(fact => Count(fact.Number))];
            if (numbers.Length > 0) yield return $"{words} {List(numbers)}";
        }
    }

    private static IEnumerable<string> Limits(OrderingAblationReport report)
    {
        var study = report.Pretrained!;
        yield return $"This holds for {report.Data.Name}, for the encoder {report.Plan.PretrainedDetails!.Encoder!.Name} fine-tuned this way, and for texts like the {Count(report.Data.TestTexts)} tested. It says nothing about an encoder that was pretrained without order, nor about models trained from nothing.";
        yield return $"{Count(report.Data.TestTexts)} test texts cannot resolve differences below about {Number(Math.Round(study.SmallestDifference * 100, 1))} points between unrelated models; pairs of models on the same texts do better, and the intervals say how much.";
        yield return "The best variant without order was chosen by its test accuracy, so that what order is worth is rather understated; what no variant tried could learn without order is counted as order.";
        yield return "\"Not shown to differ\" is not \"equal\": only the rows marked equal passed an equivalence test, with the margin stated.";
        if (report.Plan.Seeds.Count < VerdictWriter.SeedsForP) yield return $"With {Quantity(report.Plan.Seeds.Count, "seed")} no p-value and no equality can be claimed; the intervals decide.";
        if (study.Disturbances.FirstOrDefault(one => one.Arrangement == WordArrangement.Shuffled) is { } shuffle)
            yield return $"Of the random orders of a text, {Percent(shuffle.DistinctShare)} are different texts; a short text has few orders and repeats them.";
        yield return "The number of words survives every order, and so do single words; the baselines say how far these go.";
        yield return "Words are shuffled before they are cut into pieces, so that shuffled words keep the order within them. Punctuation marks are words of their own and move with the others, except where the row says that they stay.";
        if (report.Plan.GroupColumn is null) yield return "No group column was given: if texts come in variants of each other, some may stand on both sides of the split.";
    }

    private static string Figures(VariantComparison comparison) => $"{Points(comparison.MeanDifference)} points {Points(comparison.Interval)}";

    private static string Undecided(VariantComparison comparison) => comparison.Outcome == ComparisonOutcome.Undecided ? "; no effect was detected" : "";

    private static ConfidenceInterval? Negative(ConfidenceInterval? interval) => interval is { } range ? new(-range.Upper, -range.Lower, range.Level) : null;

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 3) : null;

    private static IEnumerable<VariantComparison> Of(OrderingAblationReport report, ComparisonQuestion question) => report.Comparisons.Where(comparison => comparison.Question == question);
}
