namespace MlAttention.Ablation.Statistics;

/// <summary>Mean and spread of a few numbers.</summary>
internal static class Sample
{
    /// <summary>The arithmetic mean.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Mean(IReadOnlyCollection<double> values) =>
        values.Count > 0 ? values.Sum() / values.Count : throw new ArgumentException("The mean of no values is undefined.");

    /// <summary>sqrt(sum (x - mean)^2 / (n - 1)); not a number for fewer than two values.</summary>
    public static double StandardDeviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return double.NaN;
        double mean = Mean(values);
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan 1996, type 7).</summary>
    /// <param name="sorted">The values in ascending order.</param>
    /// <param name="probability">From 0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        double index = probability * (sorted.Length - 1);
        int below = (int)Math.Floor(index);
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (index - below) * (sorted[above] - sorted[below]);
    }
}
