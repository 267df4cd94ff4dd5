namespace MlAttention.Core.Explanations;

/// <summary>The quadrature of Gauss and Legendre on [0, 1]: n points integrate polynomials up to degree 2n - 1 without error.</summary>
/// <remarks>
/// The nodes are the zeros of the Legendre polynomial P of degree n, found by Newton's method; weight = 2 / ((1 - x²) P'(x)²), and both are
/// moved from [-1, 1]. Source: Abramowitz and Stegun 1964, section 25.4.29.
/// </remarks>
internal static class GaussLegendre
{
    private const int MostIterations = 100;

    /// <summary>The places where a function is asked, in rising order, and the weight of each answer; the weights add up to 1.</summary>
    public static (double[] Nodes, double[] Weights) Of(int count)
    {
        double[] nodes = new double[count], weights = new double[count];
        for (int i = 0; i < count; i++)
        {
            double x = -Math.Cos(Math.PI * (i + 0.75) / (count + 0.5)), slope = 1;
            for (int iteration = 0; iteration < MostIterations; iteration++)
            {
                (double value, slope) = Polynomial(count, x);
                double step = value / slope;
                x -= step;
                if (Math.Abs(step) < 1e-15) break;
            }
            (nodes[i], weights[i]) = ((1 + x) / 2, 1 / ((1 - x * x) * slope * slope));
        }
        return (nodes, weights);
    }

    /// <summary>P(x) of a degree, and P'(x): k P[k] = (2k - 1) x P[k-1] - (k - 1) P[k-2].</summary>
    private static (double Value, double Slope) Polynomial(int degree, double x)
    {
        double before = 1, value = x;
        for (int k = 2; k <= degree; k++) (before, value) = (value, ((2 * k - 1) * x * value - (k - 1) * before) / k);
        return (value, degree * (x * value - before) / (x * x - 1));
    }
}
