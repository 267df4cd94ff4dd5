namespace MlAttention.Ablation.Runs;

/// <summary>One epoch of a run.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="TrainingLoss">Mean cross-entropy of the training texts during the epoch, in nats.</param>
/// <param name="DevLoss">Mean cross-entropy of the dev texts after the epoch, in nats.</param>
/// <param name="DevAccuracy">Share of the dev texts that are right after the epoch.</param>
public sealed record EpochRecord(int Epoch, double TrainingLoss, double? DevLoss, double? DevAccuracy);
