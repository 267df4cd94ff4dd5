namespace MlAttention.Ablation.Reporting;

/// <summary>What has been published about order in pretrained encoders, and what this report says of it.</summary>
internal static class PublishedFacts
{
    private const double SurvivingGlue = 0.75, WordsSuffice = 0.1;

    /// <summary>All ten, in order.</summary>
    public static IReadOnlyList<PublishedFact> Of(OrderingAblationReport report)
    {
        if (report.Pretrained is not { } study) return [];
        return
        [
            Blind(study), Identities(study), EqualBags(study), Surviving(report, study),
            Cited(5, "Pretrained and fine-tuned without positions, RoBERTa loses most where order decides (Sinha et al. 2021): CoLA 61.4 to 0, PAWS 94.5 to 57.1, MNLI 86.1 to 63.5, RTE 74.6 to 54.4, MRPC 89.2 to 72.7, QNLI 92.5 to 77.7, SST-2 93.9 to 83.2, QQP 91.3 to 87.9"),
            Cited(6, "Pretrained on shuffled words but with positions, it loses far less (Sinha et al. 2021): PAWS 90.0, QQP 91.0, CoLA 35.2, and up to 58.6 as longer runs of words stay together"),
            Cited(7, "BERT trained and tested on shuffled tokens loses about 4% on QNLI (Hessel and Schofield 2021)"),
            Cited(8, "DistilBERT on MNLI: accuracy 0.803, Ω_max 0.968, Ω_rand 0.779, P^c 0.775, P^f 0.343 over 100 permutations (Sinha et al. 2021)"),
            Swaps(study),
            Cited(10, "Two questions of the same words are nearly always paraphrases in QQP, so that it understates order (Zhang et al. 2019)"),
        ];
    }

    private static PublishedFact Blind(PretrainedStudy study) => OfGates(1, study, GateKind.BlindToPieces,
        "Without positions BERT gives the same answer for every order of the pieces (Rau 2022)",
        gates => $"{Count(PretrainedDetails.PieceShuffles)} shuffles of the pieces change no logit by more than {Number(gates.Max(gate => gate.Value))}");

    private static PublishedFact Identities(PretrainedStudy study) => OfGates(2, study, GateKind.SameAnswers,
        "For a model blind to order Ω_max = Ω_rand = accuracy, P^c = 1, P^f = 0 and all answers agree",
        gates => gates.All(gate => gate.Holds) ? $"exactly so for {List([.. gates.Select(gate => gate.Variant.Name)])}" : "answers change with the order of the words");

    private static PublishedFact OfGates(int number, PretrainedStudy study, GateKind kind, string published, Func<OrderGate[], string> ours)
    {
        OrderGate[] gates = [.. study.Gates.Where(gate => gate.Kind == kind)];
        return gates.Length == 0 ? new(number, published, "no variant is blind to order", FactOutcome.NotMeasured) : new(number, published, ours(gates), gates.All(gate => gate.Holds) ? FactOutcome.Agrees : FactOutcome.Differs);
    }

    private static PublishedFact EqualBags(PretrainedStudy study)
    {
        const string Published = "Texts with the same words in other roles have the same vector without positions (after Papadimitriou et al. 2022)";
        EqualBagsResult[] blind = [.. study.EqualBags.Where(bags => bags.Variant.Pretrained!.Value.IsOrderBlind())];
        if (blind.Length == 0) return new(3, Published, "no two test texts have the same pieces in different orders, or no variant is blind to order", FactOutcome.NotMeasured);
        double largest = blind.Max(bags => bags.LargestDifference);
        string with = study.EqualBags.FirstOrDefault(bags => bags.Variant.Pretrained == PretrainedVariant.Ordered) is { } ordered ? $"; with positions by {Number(ordered.LargestDifference)}" : "";
        return new(3, Published, $"vectors of {Count(blind[0].Texts)} texts in {Count(blind[0].Groups)} groups of the same pieces differ by {Number(largest)} of the largest number at most, which is rounding{with}",
            largest <= OrderGate.Rounding ? FactOutcome.Agrees : FactOutcome.Differs);
    }

    private static PublishedFact Surviving(OrderingAblationReport report, PretrainedStudy study)
    {
        const string Published = "75 to 90% of right answers on GLUE survive a shuffle of the words at test (Pham et al. 2021); fewer where order decides";
        double? surviving = study.Permutations.FirstOrDefault(result => result.Variant.Pretrained == PretrainedVariant.Ordered)?.Mean(figures => figures.Surviving);
        double? lost = report.Main is { } main ? study.Losses.FirstOrDefault(loss => loss.Variant == main.Second)?.Share : null;
        if (surviving is not { } share || lost is not { } information) return new(4, Published, "not measured", FactOutcome.NotMeasured);
        bool wordsSuffice = information <= WordsSuffice;
        string ours = $"{Percent(share)} survive; without order {Percent(Math.Max(0, information))} of the usable information is lost, so {(wordsSuffice ? "words nearly suffice" : "order matters")} here";
        return new(4, Published, ours, wordsSuffice == share >= SurvivingGlue ? FactOutcome.AgreesInDirection : FactOutcome.Differs);
    }

    private static PublishedFact Swaps(PretrainedStudy study)
    {
        const string Published = "Swapping roles costs 64 to 67 points, a random order of the words 3 to 6 (Chen et al. 2023)";
        if (study.Swaps is not { } swaps) return new(9, Published, "no two test texts differ by two words changing places and by their label", FactOutcome.NotMeasured);
        double swapped = swaps.InOrder - swaps.Swapped, shuffled = swaps.InOrder - swaps.Shuffled;
        return new(9, Published, $"over {Count(swaps.Pairs)} pairs of texts, against the first one's label: two words changing places costs {Points(swapped).TrimStart('+')} points, a random order {Points(shuffled).TrimStart('+')}",
            swapped > shuffled ? FactOutcome.AgreesInDirection : FactOutcome.Differs);
    }

    private static PublishedFact Cited(int number, string published) => new(number, published, "not measured here", FactOutcome.NotMeasured);
}

/// <summary>A published fact beside what was measured.</summary>
/// <param name="Number">Its number in the list.</param>
/// <param name="Published">What has been published.</param>
/// <param name="Ours">What was measured here.</param>
/// <param name="Outcome">Whether the two agree.</param>
internal sealed record PublishedFact(int Number, string Published, string Ours, FactOutcome Outcome);

/// <summary>Whether a report agrees with what was published.</summary>
internal enum FactOutcome
{
    /// <summary>It does, exactly.</summary>
    Agrees,
    /// <summary>It does in direction; other data have other numbers.</summary>
    AgreesInDirection,
    /// <summary>It does not.</summary>
    Differs,
    /// <summary>It was not measured here.</summary>
    NotMeasured,
}
