namespace Microsoft.ML.Data;

/// <summary>The mean and spread of each metric of a classifier over repetitions.</summary>
public sealed class MulticlassClassificationMetricsStatistics
{
    internal MulticlassClassificationMetricsStatistics(int classes)
    {
        PerClassLogLoss = [.. Enumerable.Range(0, classes).Select(_ => new MetricStatistics())];
    }

    public MetricStatistics MacroAccuracy { get; } = new();

    public MetricStatistics MicroAccuracy { get; } = new();

    public MetricStatistics LogLoss { get; } = new();

    public MetricStatistics LogLossReduction { get; } = new();

    public MetricStatistics TopKAccuracy { get; } = new();

    public IReadOnlyList<MetricStatistics> PerClassLogLoss { get; }

    /// <summary>Adds how much each metric differs from the baseline.</summary>
    internal void AddDifference(MulticlassClassificationMetrics metrics, MulticlassClassificationMetrics baseline)
    {
        MacroAccuracy.Add(metrics.MacroAccuracy - baseline.MacroAccuracy);
        MicroAccuracy.Add(metrics.MicroAccuracy - baseline.MicroAccuracy);
        LogLoss.Add(metrics.LogLoss - baseline.LogLoss);
        LogLossReduction.Add(metrics.LogLossReduction - baseline.LogLossReduction);
        TopKAccuracy.Add(metrics.TopKAccuracy - baseline.TopKAccuracy);
        for (int i = 0; i < PerClassLogLoss.Count; i++)
        {
            PerClassLogLoss[i].Add(metrics.PerClassLogLoss[i] - baseline.PerClassLogLoss[i]);
        }
    }
}
