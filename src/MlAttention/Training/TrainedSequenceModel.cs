using MlAttention.Architecture;
using MlAttention.Weights;

namespace MlAttention.Training;

/// <summary>A trained sequence classifier and how it came to be.</summary>
internal sealed record TrainedSequenceModel
{
    /// <summary>The architecture.</summary>
    public required SequenceModelOptions Model { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int EmbeddingRows { get; init; }

    /// <summary>Number of classes C.</summary>
    public required int ClassCount { get; init; }

    /// <summary>The weights of <see cref="ChosenEpoch"/>.</summary>
    public required IReadOnlyList<WeightTensor> Weights { get; init; }

    /// <summary>The engine that trained the weights.</summary>
    public required string EngineName { get; init; }

    /// <summary>The epoch, from 1, whose weights these are.</summary>
    public required int ChosenEpoch { get; init; }

    /// <summary>The learning curve: one entry an epoch.</summary>
    public required IReadOnlyList<EpochMetrics> History { get; init; }

    /// <summary>Rows that training used.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Rows that validation used.</summary>
    public required int ValidationRows { get; init; }

    /// <summary>Training and validation rows of which tokens were cut off.</summary>
    public required int TruncatedRows { get; init; }

    /// <summary>Tokens that were cut off.</summary>
    public required long TruncatedTokens { get; init; }

    /// <summary>Wall time of training, including the time before a resumed checkpoint.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Number of trained values; the padding row is not trained.</summary>
    public long ParameterCount => Weights.Sum(weight => (long)weight.Values.Length) - Model.ModelWidth;
}
