namespace Microsoft.ML.Trainers;

/// <summary>
/// Minimises a smooth function plus an L1 penalty by limited-memory quasi-Newton steps that stay within an orthant.
/// Source: Andrew and Gao 2007, "Scalable training of L1-regularized log-linear models"; without a penalty it is L-BFGS.
/// </summary>
internal sealed class OrthantWiseOptimizer(OrthantWiseOptimizer.Function function, int unpenalized, double l1, int historySize, double tolerance)
{
    private const int MaximumIterations = 1000;
    private const int ImprovementWindow = 5;
    private const double SufficientDecrease = 1e-4;
    private const double SmallestStep = 1e-12;

    private readonly List<(double[] Step, double[] Change, double Curvature)> _history = [];

    /// <summary>The value of the smooth part at a point; its gradient goes into the second argument.</summary>
    public delegate double Function(ReadOnlySpan<double> point, Span<double> gradient);

    public double[] Minimize(double[] start)
    {
        double[] point = start;
        var gradient = new double[point.Length];
        double value = function(point, gradient) + Penalty(point);
        var values = new List<double> { value };
        for (int iteration = 0; iteration < MaximumIterations; iteration++)
        {
            double[] slope = PseudoGradient(point, gradient);
            double[] direction = Direction(slope);
            if (!TryStep(ref point, ref gradient, ref value, slope, direction))
            {
                break;
            }

            values.Add(value);
            if (values.Count > ImprovementWindow && (values[^(ImprovementWindow + 1)] - value) / ImprovementWindow <= tolerance * Math.Abs(value))
            {
                break;
            }
        }

        return point;
    }

    private bool TryStep(ref double[] point, ref double[] gradient, ref double value, double[] slope, double[] direction)
    {
        double step = _history.Count == 0 ? 1 / Math.Max(1, Math.Sqrt(Dot(slope, slope))) : 1;
        for (; step > SmallestStep; step /= 2)
        {
            double[] candidate = StayInOrthant(point, slope, direction, step);
            var candidateGradient = new double[point.Length];
            double candidateValue = function(candidate, candidateGradient) + Penalty(candidate);
            double[] moved = Difference(candidate, point);
            if (candidateValue <= value + (SufficientDecrease * Dot(slope, moved)) && candidateValue < value)
            {
                Remember(moved, Difference(candidateGradient, gradient));
                (point, gradient, value) = (candidate, candidateGradient, candidateValue);
                return true;
            }
        }

        return false;
    }

    private double Penalty(double[] point) => l1 * point.Skip(unpenalized).Sum(Math.Abs);

    // The slope of the penalised function in the direction in which it falls most; 0 where it rises both ways.
    private double[] PseudoGradient(double[] point, double[] gradient)
    {
        var slope = (double[])gradient.Clone();
        for (int i = unpenalized; i < slope.Length; i++)
        {
            slope[i] = point[i] != 0 ? gradient[i] + (l1 * Math.Sign(point[i]))
                : gradient[i] + l1 < 0 ? gradient[i] + l1
                : gradient[i] - l1 > 0 ? gradient[i] - l1
                : 0;
        }

        return slope;
    }

    // The two-loop recursion of L-BFGS, without the components that would climb.
    private double[] Direction(double[] slope)
    {
        var direction = (double[])slope.Clone();
        var factors = new double[_history.Count];
        for (int i = _history.Count - 1; i >= 0; i--)
        {
            factors[i] = Dot(_history[i].Step, direction) / _history[i].Curvature;
            AddScaled(direction, -factors[i], _history[i].Change);
        }

        if (_history.Count > 0)
        {
            (_, double[] change, double curvature) = _history[^1];
            double scale = curvature / Dot(change, change);
            for (int i = 0; i < direction.Length; i++)
            {
                direction[i] *= scale;
            }
        }

        for (int i = 0; i < _history.Count; i++)
        {
            double factor = Dot(_history[i].Change, direction) / _history[i].Curvature;
            AddScaled(direction, factors[i] - factor, _history[i].Step);
        }

        for (int i = 0; i < direction.Length; i++)
        {
            direction[i] = direction[i] * slope[i] > 0 ? -direction[i] : 0;
        }

        return direction;
    }

    // A penalised parameter that would cross zero stops there.
    private double[] StayInOrthant(double[] point, double[] slope, double[] direction, double step)
    {
        var moved = new double[point.Length];
        for (int i = 0; i < moved.Length; i++)
        {
            moved[i] = point[i] + (step * direction[i]);
            int orthant = point[i] != 0 ? Math.Sign(point[i]) : -Math.Sign(slope[i]);
            if (l1 > 0 && i >= unpenalized && moved[i] * orthant < 0)
            {
                moved[i] = 0;
            }
        }

        return moved;
    }

    private void Remember(double[] step, double[] change)
    {
        double curvature = Dot(step, change);
        if (curvature <= 0)
        {
            return;
        }

        _history.Add((step, change, curvature));
        if (_history.Count > historySize)
        {
            _history.RemoveAt(0);
        }
    }

    private static double Dot(double[] left, double[] right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }

    private static double[] Difference(double[] left, double[] right) => [.. left.Zip(right, (a, b) => a - b)];

    private static void AddScaled(double[] target, double scale, double[] source)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += scale * source[i];
        }
    }
}
