namespace MlAttention.Ablation;

/// <summary>The figures of one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Accuracy">Share of test texts that are right; with shuffled test texts, the mean over the shuffle seeds.</param>
/// <param name="MacroF1">Mean of the classes' F1.</param>
/// <param name="MatthewsCorrelation">Matthews' correlation for any number of classes.</param>
public sealed record RunScore(int Seed, double Accuracy, double MacroF1, double MatthewsCorrelation);
