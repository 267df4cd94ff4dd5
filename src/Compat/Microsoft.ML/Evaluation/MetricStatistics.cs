namespace Microsoft.ML.Data;

/// <summary>The mean and spread of a metric over repetitions.</summary>
public sealed class MetricStatistics
{
    private readonly List<double> _values = [];

    internal MetricStatistics()
    {
    }

    public double Mean => _values.Count > 0 ? _values.Average() : 0;

    /// <summary>The standard deviation of the sample (n - 1 below the line); 0 for one value.</summary>
    public double StandardDeviation =>
        _values.Count > 1 ? Math.Sqrt(_values.Sum(value => (value - Mean) * (value - Mean)) / (_values.Count - 1)) : 0;

    public double StandardError => _values.Count > 1 ? StandardDeviation / Math.Sqrt(_values.Count) : 0;

    public int Count => _values.Count;

    internal void Add(double value) => _values.Add(value);
}
