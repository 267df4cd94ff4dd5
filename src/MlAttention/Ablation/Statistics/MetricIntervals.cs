namespace MlAttention.Ablation.Statistics;

/// <summary>Bootstrap intervals of the difference between two variants, one for each metric.</summary>
/// <param name="Accuracy">Of the accuracy.</param>
/// <param name="MacroF1">Of the macro-averaged F1.</param>
/// <param name="MatthewsCorrelation">Of Matthews' correlation.</param>
public sealed record MetricIntervals(ConfidenceInterval Accuracy, ConfidenceInterval MacroF1, ConfidenceInterval MatthewsCorrelation);
