namespace MlAttention.Ablation.Statistics;

/// <summary>
/// Percentile bootstrap of the difference between two variants on the same test items. It draws seeds and items,
/// so that it covers training variance too, and of shuffled texts one of the shuffles; items of one group (sentences with the same words, say) are drawn together.
/// </summary>
internal sealed class PairedBootstrap
{
    private readonly int[] _labels;
    private readonly int[][] _groups;
    private readonly int _classes;

    /// <summary>Prepares for the items of one test set.</summary>
    /// <param name="labels">The class of each item.</param>
    /// <param name="groups">The group of each item; items of a group are drawn together. Null or empty means that each item stands alone.</param>
    /// <param name="classes">Number of classes.</param>
    public PairedBootstrap(int[] labels, int[]? groups, int classes)
    {
        _labels = labels;
        _classes = classes;
        _groups = groups is null or []
            ? [.. Enumerable.Range(0, labels.Length).Select(item => new[] { item })]
            : [.. Enumerable.Range(0, labels.Length).GroupBy(item => groups[item]).Select(group => group.ToArray())];
    }

    /// <summary>Intervals of metric(first) - metric(second), averaged over the seeds drawn.</summary>
    /// <param name="first">Predictions of the first variant: for each seed one array, or one for each shuffle of the texts.</param>
    /// <param name="second">Predictions of the second variant for the same seeds.</param>
    /// <param name="level">Confidence level.</param>
    /// <param name="samples">Number of bootstrap samples.</param>
    /// <param name="seed">Chooses the samples.</param>
    public MetricIntervals Intervals(IReadOnlyList<IReadOnlyList<int[]>> first, IReadOnlyList<IReadOnlyList<int[]>> second, double level, int samples, long seed)
    {
        if (first.Count == 0 || first.Count != second.Count) throw new ArgumentException($"The variants must have run with the same seeds; got {first.Count} and {second.Count} runs.");
        var random = Xoshiro256.For(seed, "two-level");
        double[] accuracy = new double[samples], macroF1 = new double[samples], matthews = new double[samples];
        int[] weights = new int[_labels.Length];
        ConfusionCounts ofFirst = new(_classes), ofSecond = new(_classes);
        for (int sample = 0; sample < samples; sample++)
        {
            DrawItems(weights, random);
            for (int draw = 0; draw < first.Count; draw++)
            {
                int run = random.NextInt(first.Count);
                Count(ofFirst, Draw(first[run], random), weights);
                Count(ofSecond, Draw(second[run], random), weights);
                accuracy[sample] += (ofFirst.Accuracy - ofSecond.Accuracy) / first.Count;
                macroF1[sample] += (ofFirst.MacroF1 - ofSecond.MacroF1) / first.Count;
                matthews[sample] += (ofFirst.MatthewsCorrelation - ofSecond.MatthewsCorrelation) / first.Count;
            }
        }
        return new(Percentiles(accuracy, level), Percentiles(macroF1, level), Percentiles(matthews, level));
    }

    private static int[] Draw(IReadOnlyList<int[]> shuffles, Xoshiro256 random) => shuffles.Count == 1 ? shuffles[0] : shuffles[random.NextInt(shuffles.Count)];

    private void DrawItems(int[] weights, Xoshiro256 random)
    {
        Array.Clear(weights);
        for (int draw = 0; draw < _groups.Length; draw++)
            foreach (int item in _groups[random.NextInt(_groups.Length)]) weights[item]++;
    }

    private void Count(ConfusionCounts counts, int[] predictions, int[] weights)
    {
        counts.Clear();
        for (int item = 0; item < weights.Length; item++)
            if (weights[item] > 0) counts.Add(_labels[item], predictions[item], weights[item]);
    }

    private static ConfidenceInterval Percentiles(double[] values, double level)
    {
        Array.Sort(values);
        return new(Sample.Quantile(values, (1 - level) / 2), Sample.Quantile(values, (1 + level) / 2), level);
    }
}

/// <summary>Bias-corrected and accelerated bootstrap of a mean (Efron 1987): an interval that does not assume a normal distribution.</summary>
internal static class BcaBootstrap
{
    /// <summary>The interval of the mean.</summary>
    /// <returns>Null with fewer than three values; the point itself when all are equal.</returns>
    public static ConfidenceInterval? Interval(IReadOnlyList<double> values, double level, int samples, long seed)
    {
        if (values.Count < 3) return null;
        double mean = Sample.Mean(values);
        if (values.All(value => value == values[0])) return new(mean, mean, level);
        double[] means = ResampledMeans(values, samples, Xoshiro256.For(seed, "bca"));
        double below = means.Count(value => value < mean) + 0.5 * means.Count(value => value == mean);
        double bias = Normal.InvCDF(0, 1, Math.Clamp(below / samples, 0.5 / samples, 1 - 0.5 / samples));
        double acceleration = Acceleration(values);
        return new(End((1 - level) / 2), End((1 + level) / 2), level);

        double End(double probability)
        {
            double z = bias + Normal.InvCDF(0, 1, probability);
            return Sample.Quantile(means, Normal.CDF(0, 1, bias + z / (1 - acceleration * z)));
        }
    }

    private static double[] ResampledMeans(IReadOnlyList<double> values, int samples, Xoshiro256 random)
    {
        double[] means = new double[samples];
        for (int sample = 0; sample < samples; sample++)
        {
            double sum = 0;
            for (int i = 0; i < values.Count; i++) sum += values[random.NextInt(values.Count)];
            means[sample] = sum / values.Count;
        }
        Array.Sort(means);
        return means;
    }

    // Skewness of the jackknife means, sum d^3 / (6 (sum d^2)^1.5); for a mean, d is (x - mean) / (n - 1).
    private static double Acceleration(IReadOnlyList<double> values)
    {
        double mean = Sample.Mean(values);
        double squares = values.Sum(value => Math.Pow(value - mean, 2)), cubes = values.Sum(value => Math.Pow(value - mean, 3));
        return cubes / (6 * Math.Pow(squares, 1.5));
    }
}
