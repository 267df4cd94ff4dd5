using MlAttention.Architecture;

namespace MlAttention.Encoders.Pooling;

/// <summary>Makes the pooling of a <see cref="PoolingKind"/>.</summary>
public static class PoolingFactory
{
    /// <summary>A new pooling module.</summary>
    /// <param name="kind">Which pooling.</param>
    /// <param name="width">The width D of the vectors.</param>
    public static SequencePooling Create(PoolingKind kind, int width) => kind switch
    {
        PoolingKind.Mean => new MeanPooling(),
        PoolingKind.Max => new MaxPooling(),
        PoolingKind.Cls => new ClsPooling(),
        PoolingKind.Last => new LastPooling(),
        PoolingKind.Attention => new AttentionPooling(width),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This pooling is not known."),
    };
}
