namespace Microsoft.ML.Data;

/// <summary>Sums over examples from which the metrics of a classifier follow.</summary>
internal sealed class MulticlassCounters(int classes)
{
    private const float SmallestProbability = 1e-15f;

    private readonly double[] _examplesOfClass = new double[classes];
    private readonly double[] _logLossOfClass = new double[classes];
    private readonly double[] _examplesOfRank = new double[classes + 1];
    private double _examples;
    private double _logLoss;

    /// <summary>Counts by actual and predicted class.</summary>
    public double[][] Counts { get; } = [.. Enumerable.Range(0, classes).Select(_ => new double[classes])];

    public double MicroAccuracy => _examples > 0 ? _examplesOfRank[0] / _examples : 0;

    public double MacroAccuracy
    {
        get
        {
            int[] seen = [.. Enumerable.Range(0, classes).Where(label => _examplesOfClass[label] > 0)];
            return seen.Length > 0 ? seen.Average(label => Counts[label][label] / _examplesOfClass[label]) : 0;
        }
    }

    public double LogLoss => _examples > 0 ? _logLoss / _examples : 0;

    public double LogLossReduction
    {
        get
        {
            double entropy = -_examplesOfClass.Where(count => count > 0).Sum(count => count / _examples * Math.Log(count / _examples));
            return (entropy - LogLoss) / entropy;
        }
    }

    public double[] PerClassLogLoss => [.. _logLossOfClass.Zip(_examplesOfClass, (loss, count) => count > 0 ? loss / count : 0)];

    public double[] TopKAccuracies(int k)
    {
        double sum = 0;
        return [.. _examplesOfRank.Take(k).Select(count => sum += count / _examples)];
    }

    /// <summary>Counts an example; a label beyond the classes is one that the model does not know, and never right.</summary>
    public void Add(int label, ReadOnlySpan<float> scores)
    {
        bool known = label < classes;
        float probability = known ? scores[label] : 0;
        double loss = -Math.Log(known ? Math.Min(1, Math.Max(SmallestProbability, probability)) : SmallestProbability);
        int rank = 0;
        int predicted = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            // Of equal scores the first wins.
            if (scores[i] > probability || (scores[i] == probability && i < label))
            {
                rank++;
            }

            if (scores[i] > scores[predicted])
            {
                predicted = i;
            }
        }

        _examples++;
        _logLoss += loss;
        _examplesOfRank[rank]++;
        if (known)
        {
            _examplesOfClass[label]++;
            _logLossOfClass[label] += loss;
            Counts[label][predicted]++;
        }
    }
}
