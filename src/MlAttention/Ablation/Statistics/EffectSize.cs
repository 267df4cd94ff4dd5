using MathNet.Numerics.Distributions;

namespace MlAttention.Ablation.Statistics;

/// <summary>How large a difference is, whatever the number of seeds.</summary>
internal static class EffectSize
{
    /// <summary>Cohen's d for pairs: mean / sd of the differences. Null when the differences do not vary.</summary>
    public static double? CohenDz(IReadOnlyCollection<double> differences)
    {
        double deviation = Sample.StandardDeviation(differences);
        return deviation > 0 ? Sample.Mean(differences) / deviation : null;
    }

    /// <summary>P(A > B) over the pairs, ties counting half (Bouthillier et al. 2021).</summary>
    public static double ProbabilityOfSuperiority(IReadOnlyCollection<double> differences) =>
        Sample.Mean([.. differences.Select(difference => difference > 0 ? 1.0 : difference < 0 ? 0.0 : 0.5)]);

    /// <summary>Pairs needed to show P(A > B) >= <paramref name="superiority"/> (Noether 1987, as Bouthillier et al. 2021 use it).</summary>
    /// <remarks>N >= ((z(1 - alpha) + z(1 - beta)) / (sqrt(6) (1/2 - superiority)))^2</remarks>
    public static int PairsNeeded(double superiority, double alpha, double beta)
    {
        double z = Normal.InvCDF(0, 1, 1 - alpha) + Normal.InvCDF(0, 1, 1 - beta);
        return (int)Math.Ceiling(Math.Pow(z / (Math.Sqrt(6) * (0.5 - superiority)), 2));
    }
}
