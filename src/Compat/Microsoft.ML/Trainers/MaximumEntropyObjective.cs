namespace Microsoft.ML.Trainers;

/// <summary>
/// The mean over the examples of -log softmax(W x + b)[label], plus L2 / 2 times the squared weights over the total weight of the examples.
/// The parameters are the biases, then the weights class by class.
/// </summary>
internal sealed class MaximumEntropyObjective(TrainingExamples examples, int classes, int features, double l2)
{
    private readonly double _totalWeight = examples.TotalWeight;

    public int BiasCount => classes;

    public int ParameterCount => classes + (classes * features);

    /// <summary>The value at the parameters; the gradient goes into <paramref name="gradient"/>.</summary>
    public double Evaluate(ReadOnlySpan<double> parameters, Span<double> gradient)
    {
        gradient.Clear();
        var scores = new double[classes];
        double loss = 0;
        foreach ((float[] x, int label, float weight) in examples.Items)
        {
            for (int c = 0; c < classes; c++)
            {
                scores[c] = parameters[c] + Dot(parameters.Slice(classes + (c * features), features), x);
            }

            double highest = scores.Max();
            double logSum = highest + Math.Log(scores.Sum(score => Math.Exp(score - highest)));
            loss += weight * (logSum - scores[label]);
            for (int c = 0; c < classes; c++)
            {
                double error = weight * (Math.Exp(scores[c] - logSum) - (c == label ? 1 : 0));
                gradient[c] += error;
                AddScaled(gradient.Slice(classes + (c * features), features), error, x);
            }
        }

        double penalty = 0;
        for (int i = classes; i < parameters.Length; i++)
        {
            penalty += l2 / 2 * parameters[i] * parameters[i];
            gradient[i] += l2 * parameters[i];
        }

        foreach (ref double slope in gradient)
        {
            slope /= _totalWeight;
        }

        return (loss + penalty) / _totalWeight;
    }

    private static double Dot(ReadOnlySpan<double> weights, float[] x)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += weights[i] * x[i];
        }

        return sum;
    }

    private static void AddScaled(Span<double> target, double scale, float[] x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            target[i] += scale * x[i];
        }
    }
}
