namespace MlAttention.Ablation;

/// <summary>How far an ablation is.</summary>
/// <param name="Setup">What is being trained.</param>
/// <param name="Seed">With which seed.</param>
/// <param name="FinishedRuns">Runs that are done, stored ones included.</param>
/// <param name="TotalRuns">All runs of this shard.</param>
/// <param name="Epoch">Epochs of the present run that are done.</param>
/// <param name="MostEpochs">Most epochs of a run.</param>
/// <param name="Elapsed">Time since the start.</param>
/// <param name="Remaining">Estimated time to the end; null until a run has finished.</param>
public sealed record AblationProgress(
    AblationSetup Setup, int Seed, int FinishedRuns, int TotalRuns, int Epoch, int MostEpochs, TimeSpan Elapsed, TimeSpan? Remaining);
