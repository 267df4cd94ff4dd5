namespace MlAttention.Core.Engines;

/// <summary>What an engine is built for: the architecture and its two data-dependent sizes, and, where it trains, how.</summary>
/// <param name="Model">The architecture.</param>
/// <param name="EmbeddingRows">Rows of the embedding: padding, the vocabulary, unknown and, for CLS pooling, the CLS token.</param>
/// <param name="Classes">Number of classes C; 0 for an encoder alone, without a head, which only gives vectors.</param>
internal sealed record EngineConfiguration(SequenceModelOptions Model, int EmbeddingRows, int Classes)
{
    /// <summary>What the model is asked for.</summary>
    public Objective Objective => Objective.Of(Model.Task);

    /// <summary>Logits of a batch: B C, or B L C where each token has its own; of predicted tokens P C, for the P places with a label.</summary>
    public int LogitCount(TokenBatch batch) => Objective.Vectors(batch) * Classes;

    /// <summary>Whether the embedding is the head's matrix, and so is trained as one.</summary>
    public bool HasTiedHead => Model.Head.IsTied && Classes > 0;

    /// <summary>The seed of the initial weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Weights that stand in place of the seed's of the same name.</summary>
    public IReadOnlyList<WeightTensor> InitialWeights { get; init; } = [];

    /// <summary>Which engine, on what.</summary>
    public ComputeOptions Compute { get; init; } = new();

    /// <summary>How gradients change weights.</summary>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <summary>The part of a label's probability that the loss spreads evenly over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether the token embeddings stay as they start.</summary>
    public bool FreezeEmbeddings { get; init; }

    /// <summary>How many of the first layers stay as they start, with all that comes before them; 0 for none.</summary>
    public int FrozenLayers { get; init; }

    /// <summary>Whether a weight stays as it starts.</summary>
    public bool IsFrozen(WeightShape weight) => (FrozenLayers > 0 && weight.Depth <= FrozenLayers) || (FreezeEmbeddings && weight.Name == WeightLayout.EmbeddingName);
}
