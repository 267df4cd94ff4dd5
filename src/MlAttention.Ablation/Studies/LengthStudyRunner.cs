namespace MlAttention.Ablation.Studies;

/// <summary>Trains each scheme on texts of at most L tokens and tests it on texts of up to 4 L, on a task made for the purpose.</summary>
internal sealed class LengthStudyRunner(AblationPlan plan)
{
    private const int TrainingTexts = 2000, TestTexts = 400, Bins = 4, Shortest = 4;

    /// <summary>The longest training text L, in tokens.</summary>
    public int TrainedLength { get; init; } = 16;

    /// <summary>Trains every scheme with every seed of the plan.</summary>
    /// <param name="progress">Hears what is being trained.</param>
    /// <param name="cancellation">Stops the training.</param>
    public LengthStudy Run(Action<string>? progress, CancellationToken cancellation) =>
        new(TrainedLength, [.. plan.Positions.Select(scheme => Curve(scheme, progress, cancellation))]);

    private LengthCurve Curve(PositionScheme scheme, Action<string>? progress, CancellationToken cancellation)
    {
        int bins = scheme == PositionScheme.Learned ? 1 : Bins;
        double[][] accuracy = [.. Enumerable.Range(0, bins).Select(_ => new double[plan.Seeds.Count])];
        for (int run = 0; run < plan.Seeds.Count; run++)
        {
            int seed = plan.Seeds[run];
            progress?.Invoke($"length study: {VariantNames.Of(scheme)}, seed {seed}");
            var classifier = Train(scheme, seed, cancellation);
            for (int bin = 0; bin < bins; bin++)
            {
                var (shortest, longest) = BoundsOf(bin);
                var test = LengthTask.Make(TestTexts, shortest, longest, seed: 1000 + bin);
                accuracy[bin][run] = classifier.Score(test).Predictions.Zip(test.Labels).Count(pair => pair.First == pair.Second) / (double)test.Count;
            }
        }
        string? remark = scheme == PositionScheme.Learned ? $"Learned positions have no vectors beyond {TrainedLength} tokens, so they cannot read longer texts." : null;
        return new(scheme, [.. accuracy.Select((runs, bin) => Score(bin, runs))], remark);
    }

    private LengthScore Score(int bin, double[] runs) =>
        new(BoundsOf(bin).Shortest, BoundsOf(bin).Longest, TestTexts, Sample.Mean(runs), runs.Length > 1 ? Sample.StandardDeviation(runs) : null);

    private (int Shortest, int Longest) BoundsOf(int bin) => (bin == 0 ? Shortest : bin * TrainedLength + 1, (bin + 1) * TrainedLength);

    private TrainedClassifier Train(PositionScheme scheme, int seed, CancellationToken cancellation)
    {
        var model = plan.Model with { Positions = scheme, MaxLength = scheme == PositionScheme.Learned ? TrainedLength : Bins * TrainedLength, Mask = plan.Masks[0] };
        return TrainedClassifier.Train(
            model, plan.TrainingOf(seed, cancellation), LengthTask.Make(TrainingTexts, Shortest, TrainedLength, seed), LengthTask.Make(TestTexts, Shortest, TrainedLength, seed + 500));
    }
}

/// <summary>
/// Texts of any length in which order decides: two marked tokens stand somewhere among fillers, and the label says which comes first.
/// Each text comes with its mirror image, in which the two are swapped, so words alone give nothing away.
/// </summary>
internal static class LengthTask
{
    private const int Fillers = 12, First = Fillers + 1, Second = Fillers + 2;

    /// <summary>Different tokens.</summary>
    public const int Vocabulary = Fillers + 2;

    /// <summary>Makes texts of lengths from <paramref name="shortest"/> to <paramref name="longest"/>.</summary>
    public static TokenDataset Make(int texts, int shortest, int longest, long seed)
    {
        var random = Xoshiro256.For(seed, "length task");
        var builder = new TokenDatasetBuilder(Vocabulary, classCount: 2, maxTokens: longest, TruncationSide.KeepStart);
        for (int text = 0; text < texts / 2; text++)
        {
            int[] tokens = new int[shortest + random.NextInt(longest - shortest + 1)];
            for (int i = 0; i < tokens.Length; i++) tokens[i] = 1 + random.NextInt(Fillers);
            int one = random.NextInt(tokens.Length), other = (one + 1 + random.NextInt(tokens.Length - 1)) % tokens.Length;
            foreach (var (left, right, label) in new[] { (First, Second, 0), (Second, First, 1) })
            {
                tokens[Math.Min(one, other)] = left;
                tokens[Math.Max(one, other)] = right;
                builder.Add(tokens, label);
            }
        }
        return builder.Build();
    }
}
