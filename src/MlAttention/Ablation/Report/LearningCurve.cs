using MlAttention.Ablation.Runs;

namespace MlAttention.Ablation;

/// <summary>The epochs of one run.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="BestEpoch">The epoch whose weights were tested.</param>
/// <param name="Epochs">All epochs.</param>
public sealed record LearningCurve(int Seed, int BestEpoch, IReadOnlyList<EpochRecord> Epochs);
