namespace MlAttention.Ablation.Reporting;

/// <summary>The tables that only the report of a pretrained encoder has.</summary>
internal static class PretrainedTables
{
    /// <summary>All of them, in the report's order; none for models from scratch.</summary>
    public static IReadOnlyList<ReportTable> All(OrderingAblationReport report) =>
        report.Pretrained is { } study ? [Facts(report), Gates(study), Permutations(study), Answers(study), Disturbances(study), EqualBags(study), Rates(study)] : [];

    private static ReportTable Facts(OrderingAblationReport report) => new("Published facts, and this report", ["fact", "published", "here", "outcome"], 4,
        [.. PublishedFacts.Of(report).Select(IReadOnlyList<string> (fact) => [Count(fact.Number), fact.Published, fact.Ours, NameOf(fact.Outcome)])]);

    private static ReportTable Gates(PretrainedStudy study) => new("Gates: what must hold before anything is concluded", ["variant", "gate", "measured", "bound", "outcome"], 2,
        [.. study.Gates.Select(IReadOnlyList<string> (gate) => [gate.Variant.Name, NameOf(gate.Kind), Number(gate.Value), Number(gate.Bound), gate.Holds ? "holds" : "FAILS"])]);

    private static ReportTable Permutations(PretrainedStudy study) => new(
        study.Permutations.Count == 0 ? "Over permutations of the words" : $"Over {Count(study.Permutations[0].Permutations)} permutations of the words of {Count(study.Permutations[0].Texts)} texts, mean of the seeds",
        ["variant", "accuracy", "Ω_max", "Ω_max of guessing", "Ω_rand", "P^c", "P^c where any is right", "P^f", "P^f where any is right"], 1,
        [
            .. study.Permutations.Select(IReadOnlyList<string> (result) =>
            [
                result.Variant.Name, Percent(result.Mean(figures => figures.Accuracy)), Percent(result.Mean(figures => figures.OmegaMax)), Percent(result.GuessersOmegaMax), Percent(result.Mean(figures => figures.OmegaRandom)),
                Percent(result.Mean(figures => figures.RightMean)), Percent(result.Mean(figures => figures.RightMeanOfAny)), Percent(result.Mean(figures => figures.WrongMean)), Percent(result.Mean(figures => figures.WrongMeanOfAny)),
            ]),
        ]);

    private static ReportTable Answers(PretrainedStudy study)
    {
        var permutations = study.Permutations.ToDictionary(result => result.Variant);
        AblationVariant[] variants = [.. study.Permutations.Select(result => result.Variant).Union(study.Losses.Select(loss => loss.Variant))];
        return new("Answers that stay when words are shuffled, and the share of usable information that is lost",
            ["variant", "answers that stay", "confidence, in order", "confidence, shuffled", "right answers that stay", "word-order sensitivity", "information lost"], 1,
            [
                .. variants.Select(IReadOnlyList<string> (variant) =>
                [
                    variant.Name, Percent(Mean(variant, figures => figures.Agreement)), Percent(Mean(variant, figures => figures.Confidence)), Percent(Mean(variant, figures => figures.ShuffledConfidence)),
                    Percent(Mean(variant, figures => figures.Surviving)), Number(Rounded(Mean(variant, figures => figures.Sensitivity))), Percent(study.Losses.FirstOrDefault(loss => loss.Variant == variant)?.Share),
                ]),
            ]);

        double? Mean(AblationVariant variant, Func<PermutationFigures, double?> figure) => permutations.GetValueOrDefault(variant)?.Mean(figure);
    }

    private static ReportTable Disturbances(PretrainedStudy study) => new("How far words are taken from their places", ["arrangement", "global (IDC)", "local (DND)", "different orders of a text"], 1,
        [.. study.Disturbances.Select(IReadOnlyList<string> (one) => [PretrainedVariants.NameOf(one.Arrangement), Number(Rounded(one.Global)), Number(Rounded(one.Local)), Percent(one.DistinctShare)])]);

    private static ReportTable EqualBags(PretrainedStudy study) => new("Test texts of the same pieces in other orders: how far apart their vectors are", ["variant", "groups", "texts", "largest difference, of the largest number"], 1,
        [.. study.EqualBags.Select(IReadOnlyList<string> (bags) => [bags.Variant.Name, Count(bags.Groups), Count(bags.Texts), Number(bags.LargestDifference)])]);

    private static ReportTable Rates(PretrainedStudy study) => new("Learning rates", ["variant", "rate"], 1,
        [.. study.Rates.Select(IReadOnlyList<string> (rate) => [rate.Variant.Name, List([.. rate.Rates.Select(value => Number(value))])])]);

    private static string NameOf(GateKind kind) => kind switch
    {
        GateKind.BlindToPieces => "shuffled pieces change no logit",
        GateKind.SameAnswers => "shuffled words change no answer",
        _ => "shuffled pieces change logits",
    };

    private static string NameOf(FactOutcome outcome) => outcome switch
    {
        FactOutcome.Agrees => "agrees exactly",
        FactOutcome.AgreesInDirection => "agrees in direction",
        FactOutcome.Differs => "DIFFERS",
        _ => "not measured",
    };

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 3) : null;
}
