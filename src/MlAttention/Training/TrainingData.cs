using MlAttention.Data;

namespace MlAttention.Training;

/// <summary>The rows of a run.</summary>
/// <param name="Training">The rows trained on.</param>
/// <param name="OriginalRows">The row, among those given to the trainer, that each training row is.</param>
/// <param name="Validation">The rows validated on; null for none.</param>
/// <param name="Batches">Makes batches of the training rows.</param>
internal sealed record TrainingData(TokenDataset Training, int[] OriginalRows, TokenDataset? Validation, BatchBuilder Batches);
