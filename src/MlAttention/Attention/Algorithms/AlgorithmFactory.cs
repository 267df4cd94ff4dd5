using MlAttention.Architecture;

namespace MlAttention.Attention.Algorithms;

/// <summary>Makes the algorithm that the options name.</summary>
public static class AlgorithmFactory
{
    /// <param name="options">The attention layer's options; each algorithm reads its own.</param>
    public static IAttentionAlgorithm Create(AttentionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Algorithm switch
        {
            AttentionAlgorithm.Full => new FullAttention(),
            AttentionAlgorithm.Chunked => new ChunkedAttention(options.BlockSize),
            AttentionAlgorithm.LocalWindow => new LocalWindowAttention(options.WindowRadius),
            AttentionAlgorithm.Linear => new LinearAttention(options.BlockSize),
            AttentionAlgorithm.Performer => new PerformerAttention(options.RandomFeatures, options.OrthogonalFeatures, options.RandomSeed, options.BlockSize),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Algorithm, "This algorithm is not known."),
        };
    }
}
