namespace MlAttention;

/// <summary>How attention is computed. All but <see cref="Linear"/> and <see cref="Performer"/> give the same result for the same mask.</summary>
/// <remarks>Those two form no weights: none can be returned, and dropout drops keys instead, each for all queries of a head at once.</remarks>
public enum AttentionAlgorithm
{
    /// <summary>The whole L x S matrix of scores at once.</summary>
    Full,
    /// <summary>Blocks of queries and keys with a running softmax: exact, extra memory O(n) (Rabe and Staats 2021; Dao et al. 2022).</summary>
    Chunked,
    /// <summary>Only the keys of the local window: exact for that mask, time O(n w).</summary>
    LocalWindow,
    /// <summary>Kernel feature map elu(x) + 1, time O(n) (Katharopoulos et al. 2020).</summary>
    Linear,
    /// <summary>Positive random features, an unbiased estimate of softmax attention, time O(n) (Choromanski et al. 2021).</summary>
    Performer,
}

/// <summary>What is true of an algorithm, wherever it is asked.</summary>
internal static class AttentionAlgorithms
{
    extension(AttentionAlgorithm algorithm)
    {
        /// <summary>Whether the algorithm forms scores, which masks and positions can act on and which become weights.</summary>
        public bool FormsScores => algorithm is not (AttentionAlgorithm.Linear or AttentionAlgorithm.Performer);
    }
}
