namespace MlAttention.Ablation.Runs;

/// <summary>Tests a fine-tuned variant: on its own test texts, on those of the variants that change nothing but its test, over many orders of each text.</summary>
internal sealed class PretrainedTester(AblationPlan plan, AblationData data)
{
    private const long TextSeed = 1;
    private readonly PretrainedDetails _details = plan.PretrainedDetails!;
    private readonly PieceReader _pieces = new(plan.Pretrained!, plan.Model.MaxLength, plan.OrderedParts);
    private readonly int[] _all = [.. Enumerable.Range(0, data.Test.Count)];

    /// <summary>The run with all that its tests give.</summary>
    public AblationRun Test(TrainedClassifier classifier, AblationRun run, CancellationToken cancellation)
    {
        var variant = run.Setup.Pretrained!.Value;
        var inOrder = Score(classifier, variant == PretrainedVariant.Sorted ? WordArrangement.Sorted : WordArrangement.InOrder, 0, _all, cancellation);
        run = run with
        {
            Predictions = inOrder.Predictions, LabelProbabilities = LabelProbabilities.Of(inOrder), LogLoss = inOrder.LogLoss, LargestLogitChange = LargestChangeByPieces(classifier, cancellation),
        };
        var others = Others(classifier, variant, cancellation).ToArray();
        VariantAnswers[] answers = [.. others.Select(other => new VariantAnswers(other.Variant, [.. other.Scores.Select(scores => scores.Predictions)]))];
        // Sorting takes away every shuffle, so that nothing is left to measure.
        if (variant == PretrainedVariant.Sorted) return run with { Pretrained = run.Pretrained! with { Answers = answers, Confidence = inOrder.Confidences.Average() } };
        TextScores[] shuffled = [.. Enumerable.Range(0, plan.ShuffleSeeds).Select(draw => Score(classifier, WordArrangement.Shuffled, draw, _all, cancellation))];
        run = run with { ShuffledPredictions = [.. shuffled.Select(scores => scores.Predictions)], Pretrained = run.Pretrained! with { Answers = answers } };
        if (variant == PretrainedVariant.Shuffled) run = run with { LabelProbabilities = LabelProbabilities.Of(shuffled) };
        else if (others.FirstOrDefault(other => other.Variant == variant).Scores is { } own) run = run with { LabelProbabilities = LabelProbabilities.Of(own) };
        return OverPermutations(classifier, run, inOrder, shuffled, cancellation);
    }

    /// <summary>The scores of the variants that share this training and need others than the common arrangements.</summary>
    private IEnumerable<(PretrainedVariant Variant, TextScores[] Scores)> Others(TrainedClassifier classifier, PretrainedVariant trained, CancellationToken cancellation)
    {
        foreach (var variant in plan.Variants().Select(row => row.Pretrained!.Value).Where(variant => variant.Trained() == trained))
        {
            if (variant == PretrainedVariant.TestZero) yield return (variant, [Score(classifier.WithPositions(PositionScheme.None, shift: 0), WordArrangement.InOrder, 0, _all, cancellation)]);
            else if (variant == PretrainedVariant.TestShifted) yield return (variant, [Score(classifier.WithPositions(PositionScheme.Learned, PretrainedVariants.Shift), WordArrangement.InOrder, 0, _all, cancellation)]);
            else if (variant.Arrangement() is var arrangement and not WordArrangement.Shuffled && arrangement.IsRandom())
                yield return (variant, [.. Enumerable.Range(0, DrawsOf(arrangement)).Select(draw => Score(classifier, arrangement, draw, _all, cancellation))]);
        }
    }

    /// <summary>How often each test text is tried in an arrangement.</summary>
    private int DrawsOf(WordArrangement arrangement) => arrangement is WordArrangement.ShuffledAroundPunctuation or WordArrangement.ShuffledPieces ? plan.ShuffleSeeds : _details.GradedShuffles;

    private AblationRun OverPermutations(TrainedClassifier classifier, AblationRun run, TextScores inOrder, TextScores[] shuffled, CancellationToken cancellation)
    {
        int[] texts = TextsOfPermutations(data.Test, _details.PermutationTexts);
        int[] right = new int[texts.Length], same = new int[texts.Length];
        double confidence = 0;
        for (int draw = 0; draw < _details.Permutations; draw++)
        {
            // The shuffles of all texts are the first permutations of some.
            bool known = draw < shuffled.Length;
            var scores = known ? shuffled[draw] : Score(classifier, WordArrangement.Shuffled, draw, texts, cancellation);
            for (int i = 0; i < texts.Length; i++)
            {
                int place = known ? texts[i] : i;
                if (scores.Predictions[place] == data.Test.Labels[texts[i]]) right[i]++;
                if (scores.Predictions[place] == inOrder.Predictions[texts[i]]) same[i]++;
                confidence += scores.Confidences[place];
            }
        }
        return run with
        {
            Pretrained = run.Pretrained! with
            {
                PermutationTexts = texts,
                PermutationsRight = right,
                PermutationsSame = same,
                Confidence = texts.Average(text => inOrder.Confidences[text]),
                ShuffledConfidence = confidence / ((double)_details.Permutations * texts.Length),
                EqualBags = EqualBagsOf(classifier),
            },
        };
    }

    /// <summary>At most so many test texts, whole groups at random; all where there are no more.</summary>
    internal static int[] TextsOfPermutations(TokenDataset test, int most)
    {
        if (test.Count <= most) return [.. Enumerable.Range(0, test.Count)];
        int[][] groups = [.. AblationData.GroupsOf(test)];
        Xoshiro256.For(TextSeed, "texts of permutations").Shuffle(groups.AsSpan());
        var taken = new List<int>();
        foreach (int[] group in groups.Where(group => taken.Count + group.Length <= most)) taken.AddRange(group);
        return taken.Count > 0 ? [.. taken.Order()] : [.. Enumerable.Range(0, most)];
    }

    /// <summary>Groups of texts of the same pieces, each in an order that no other of its group has: the first groups with at most so many texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="most">Most texts.</param>
    /// <param name="separator">The key between parts, each of which then has the same pieces; null where texts have one.</param>
    internal static int[][] TextsOfTheSamePieces(TokenDataset texts, int most, int? separator = null)
    {
        int count = 0;
        return [.. Enumerable.Range(0, texts.Count)
            .DistinctBy(row => string.Join(' ', texts.Row(row).ToArray()))
            .GroupBy(row => Bags(texts.Row(row).ToArray()))
            .Select(bag => bag.ToArray())
            .Where(bag => bag.Length > 1)
            .TakeWhile(bag => (count += bag.Length) <= most)];

        string Bags(int[] keys) => string.Join('|', TextSegments.Reordered(keys, separator ?? 0, OrderedParts.All).Select(part => string.Join(' ', keys.Skip(part.Start).Take(part.Length).Order())));
    }

    private double LargestChangeByPieces(TrainedClassifier classifier, CancellationToken cancellation)
    {
        int[] texts = [.. _all.Take(_details.GateTexts)];
        const int Rows = PretrainedDetails.PieceShuffles + 1;
        var scores = classifier.ScoreOnAllCores(_pieces.ReadWithShuffledPieces(data.Words!.Test, data.Test, texts, PretrainedDetails.PieceShuffles), cancellation);
        double largest = 0;
        for (int text = 0; text < texts.Length; text++)
            for (int shuffle = 1; shuffle < Rows; shuffle++) largest = Math.Max(largest, scores.Difference(text * Rows, text * Rows + shuffle));
        return largest;
    }

    private EqualBags? EqualBagsOf(TrainedClassifier classifier)
    {
        var texts = _pieces.Read(data.Words!.Test, data.Test, _all, WordArrangement.InOrder, OrderDraw.OfTest(0));
        int[][] groups = TextsOfTheSamePieces(texts, _details.PermutationTexts, data.Parts?.SeparatorKey);
        if (groups.Length == 0) return null;
        int[] rows = [.. groups.SelectMany(group => group)];
        float[] vectors = classifier.Encode(texts.Select(rows));
        int width = vectors.Length / rows.Length, first = 0;
        double largest = 0;
        foreach (int[] group in groups)
        {
            for (int other = first + 1; other < first + group.Length; other++)
                for (int i = 0; i < width; i++) largest = Math.Max(largest, Math.Abs((double)vectors[first * width + i] - vectors[other * width + i]));
            first += group.Length;
        }
        return new(groups.Length, rows.Length, largest / vectors.Max(value => Math.Abs((double)value)));
    }

    private TextScores Score(TrainedClassifier classifier, WordArrangement arrangement, int draw, int[] rows, CancellationToken cancellation) =>
        classifier.ScoreOnAllCores(_pieces.Read(data.Words!.Test, data.Test, rows, arrangement, OrderDraw.OfTest(draw)), cancellation);
}
