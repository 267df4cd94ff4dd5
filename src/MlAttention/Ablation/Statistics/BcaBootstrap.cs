using MathNet.Numerics.Distributions;
using MlAttention.Randomness;

namespace MlAttention.Ablation.Statistics;

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
        double mean = Sample.Mean([.. values]);
        double squares = values.Sum(value => Math.Pow(value - mean, 2)), cubes = values.Sum(value => Math.Pow(value - mean, 3));
        return cubes / (6 * Math.Pow(squares, 1.5));
    }
}
