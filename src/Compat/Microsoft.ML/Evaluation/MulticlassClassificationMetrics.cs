namespace Microsoft.ML.Data;

/// <summary>How well a classifier's scores and the labels agree.</summary>
public sealed class MulticlassClassificationMetrics
{
    internal MulticlassClassificationMetrics(MulticlassCounters counters, string[] classNames, int topK)
    {
        MicroAccuracy = counters.MicroAccuracy;
        MacroAccuracy = counters.MacroAccuracy;
        LogLoss = counters.LogLoss;
        LogLossReduction = counters.LogLossReduction;
        PerClassLogLoss = counters.PerClassLogLoss;
        TopKPredictionCount = topK;
        TopKAccuracyForAllK = topK > 0 ? counters.TopKAccuracies(topK) : null;
        ConfusionMatrix = new ConfusionMatrix(counters.Counts, classNames);
    }

    /// <summary>The mean of -log of the probability given to the actual class, in nats.</summary>
    public double LogLoss { get; }

    /// <summary>How much of the label's entropy the scores remove: (entropy - LogLoss) / entropy.</summary>
    public double LogLossReduction { get; }

    /// <summary>The mean over the classes that occur of the share of their examples that is right.</summary>
    public double MacroAccuracy { get; }

    /// <summary>The share of examples that is right.</summary>
    public double MicroAccuracy { get; }

    /// <summary>The share of examples whose class is among the k with the highest scores; 0 when k is 0.</summary>
    public double TopKAccuracy => TopKAccuracyForAllK is { Count: > 0 } accuracies ? accuracies[^1] : 0;

    public int TopKPredictionCount { get; }

    /// <summary>The top-k accuracy for each k from 1 on; null when k is 0.</summary>
    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }
}
