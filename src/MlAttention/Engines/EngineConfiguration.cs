using MlAttention.Architecture;
using MlAttention.Training;

namespace MlAttention.Engines;

/// <summary>What an engine is built for: the architecture, its two data-dependent sizes, and how it is trained.</summary>
/// <param name="Model">The architecture.</param>
/// <param name="EmbeddingRows">Rows of the embedding: padding, the vocabulary, unknown and, for CLS pooling, the CLS token.</param>
/// <param name="Classes">Number of classes C.</param>
/// <param name="Training">Optimizer, clipping, label smoothing, seed, threads and device.</param>
internal sealed record EngineConfiguration(SequenceModelOptions Model, int EmbeddingRows, int Classes, TrainingOptions Training);
