namespace MlAttention.Ablation.Analysis;

/// <summary>From the runs of a pretrained encoder to what its report has beside the comparisons.</summary>
internal sealed class PretrainedAnalysis(AblationPlan plan, AblationData data, Func<AblationVariant, AblationRun[]> finishedRuns)
{
    private readonly PretrainedDetails _details = plan.PretrainedDetails!;
    private readonly AblationVariant _ordered = AblationVariant.Of(PretrainedVariant.Ordered);

    /// <summary>The study.</summary>
    public PretrainedStudy Study()
    {
        AblationVariant[] finished = [.. plan.Variants().Where(variant => finishedRuns(variant).Length > 0)];
        AblationVariant[] trained = [.. finished.Where(variant => !variant.Pretrained!.Value.IsTestOnly())];
        return new(
            [.. trained.SelectMany(Gates)],
            [.. trained.Where(variant => finishedRuns(variant)[0].Pretrained!.PermutationTexts.Length > 0).Select(Permutations)],
            [.. Disturbances()],
            [.. finished.Where(variant => variant != _ordered).Select(Loss)],
            [.. trained.Select(EqualBags).OfType<EqualBagsResult>()],
            Swaps(),
            [.. trained.Select(variant => new ChosenRate(variant, [.. finishedRuns(variant).Select(run => run.Pretrained!.LearningRate).Distinct().Order()]))],
            Normal.InvCDF(0, 1, (1 + plan.ConfidenceLevel) / 2) * Math.Sqrt(0.25 / data.Test.Count));
    }

    private IEnumerable<OrderGate> Gates(AblationVariant variant)
    {
        var runs = finishedRuns(variant);
        if (variant.Pretrained!.Value.IsOrderBlind())
        {
            double largest = runs.Max(run => run.LargestLogitChange);
            yield return new(GateKind.BlindToPieces, variant, largest, OrderGate.Rounding, largest <= OrderGate.Rounding);
            yield return new(GateKind.SameAnswers, variant, null, null, runs.All(run => ScoresOf(run).IsOrderBlind));
        }
        if (variant != _ordered) yield break;
        double least = runs.Min(run => run.LargestLogitChange);
        yield return new(GateKind.SeesOrder, variant, least, OrderGate.Rounding, least > OrderGate.Rounding);
    }

    private PermutationScores ScoresOf(AblationRun run)
    {
        var over = run.Pretrained!;
        return new([.. over.PermutationTexts.Select(text => run.Predictions[text] == data.Test.Labels[text])], over.PermutationsRight, over.PermutationsSame, _details.Permutations);
    }

    private PermutationResult Permutations(AblationVariant variant)
    {
        var runs = finishedRuns(variant);
        int classes = data.Test.ClassCount;
        return new(variant, runs[0].Pretrained!.PermutationTexts.Length, _details.Permutations, PermutationScores.GuessersOmegaMax(classes, _details.Permutations), [.. runs.Select(Figures)]);

        PermutationFigures Figures(AblationRun run)
        {
            var scores = ScoresOf(run);
            return new(
                run.Seed, scores.Accuracy, scores.OmegaMax, scores.OmegaRandom(classes), scores.MeanOfRight(onlyAnyRight: false), scores.MeanOfRight(onlyAnyRight: true),
                scores.MeanOfWrong(onlyAnyRight: false), scores.MeanOfWrong(onlyAnyRight: true), scores.Agreement, run.Pretrained!.Confidence, run.Pretrained.ShuffledConfidence,
                OrderSensitivity.Of(data.Test.Labels, run.Predictions, run.ShuffledPredictions, classes), Surviving(run));
        }
    }

    private double? Surviving(AblationRun run)
    {
        int[] right = [.. Enumerable.Range(0, data.Test.Count).Where(text => run.Predictions[text] == data.Test.Labels[text])];
        return right.Length == 0 ? null : run.ShuffledPredictions.Average(answers => right.Count(text => answers[text] == run.Predictions[text]) / (double)right.Length);
    }

    private IEnumerable<OrderDisturbance> Disturbances()
    {
        if (data.Words is null) yield break;
        var texts = data.Words.Test;
        foreach (var arrangement in plan.Variants().Select(variant => variant.Pretrained!.Value.Arrangement()).Distinct().Order())
        {
            // Pieces are not words: what their shuffles do to the order of words cannot be said.
            if (arrangement is WordArrangement.InOrder or WordArrangement.ShuffledPieces) continue;
            int draws = arrangement.IsRandom() ? plan.ShuffleSeeds : 1;
            int[][][] orders = [.. texts.Select((words, row) => Enumerable.Range(0, draws).Select(draw => WordArranger.Order(arrangement, words, OrderDraw.OfTest(draw).For(row), plan.OrderedParts)).ToArray())];
            yield return new(
                arrangement, orders.Average(ofText => ofText.Average(OrderDistance.Global)), orders.Average(ofText => ofText.Average(OrderDistance.Local)),
                orders.Select((ofText, row) => ofText.Select(order => TextWords.Join(texts[row], order)).Distinct().Count() / (double)draws).Average());
        }
    }

    private InformationLoss Loss(AblationVariant variant)
    {
        int[] counts = data.Training.CountClasses();
        double majority = data.Test.Labels.Count(label => label == Array.IndexOf(counts, counts.Max())) / (double)data.Test.Count;
        double? ordered = Accuracy(_ordered), other = Accuracy(variant);
        return new(variant, ordered > majority ? (ordered - other) / (ordered - majority) : null);
    }

    private double? Accuracy(AblationVariant variant) =>
        finishedRuns(variant) is { Length: > 0 } runs ? runs.Average(run => VariantAnalysis.Score(run.Seed, VariantAnalysis.Predictions(variant, run), data.Test).Accuracy) : null;

    private EqualBagsResult? EqualBags(AblationVariant variant)
    {
        EqualBags[] measured = [.. finishedRuns(variant).Select(run => run.Pretrained!.EqualBags).OfType<EqualBags>()];
        return measured.Length == 0 ? null : new(variant, measured[0].Groups, measured[0].Texts, measured.Max(bags => bags.LargestDifference));
    }

    private SwapResult? Swaps()
    {
        var runs = finishedRuns(_ordered);
        if (data.Words is null || runs.Length == 0) return null;
        var pairs = WordSwaps.Pairs(data.Words.Test, data.Test.Labels);
        if (pairs.Count == 0) return null;
        int[] labels = data.Test.Labels;
        return new(
            pairs.Count,
            runs.Average(run => pairs.Average(pair => Right(run.Predictions[pair.First], pair.First))),
            runs.Average(run => pairs.Average(pair => Right(run.Predictions[pair.Second], pair.First))),
            runs.Average(run => pairs.Average(pair => run.ShuffledPredictions.Average(answers => Right(answers[pair.First], pair.First)))));

        double Right(int answer, int text) => answer == labels[text] ? 1 : 0;
    }
}
