namespace MlAttention;

/// <summary>How an encoder learns where a token stands. <see cref="None"/> is a scheme like any other.</summary>
public enum PositionScheme
{
    /// <summary>No position information: attention sees a bag of tokens.</summary>
    None,
    /// <summary>Fixed sines and cosines added to the embeddings (Vaswani et al. 2017, section 3.5).</summary>
    Sinusoidal,
    /// <summary>One trained vector for each position, up to the maximum length (Gehring et al. 2017).</summary>
    Learned,
    /// <summary>Trained vectors for the clipped distance, added to keys and values (Shaw et al. 2018).</summary>
    ShawRelative,
    /// <summary>A trained scalar for each head and distance bucket, added to the scores (Raffel et al. 2020, T5).</summary>
    RelativeBias,
    /// <summary>Query and key rotated by an angle proportional to the position (Su et al. 2021, RoPE).</summary>
    Rotary,
    /// <summary>A fixed penalty that grows with the distance, one slope a head (Press et al. 2022).</summary>
    Alibi,
}

/// <summary>What a position scheme changes.</summary>
internal enum PositionTarget
{
    /// <summary>Nothing.</summary>
    Nothing,
    /// <summary>The embeddings, before the encoder; any encoder has them.</summary>
    Embeddings,
    /// <summary>Queries and keys, in each layer of attention.</summary>
    QueriesAndKeys,
    /// <summary>The scores, and perhaps the values, in each layer of attention; needs an algorithm that forms scores.</summary>
    Scores,
}

/// <summary>What is true of a scheme, wherever it is asked.</summary>
internal static class PositionSchemes
{
    extension(PositionScheme scheme)
    {
        /// <summary>What the scheme changes.</summary>
        public PositionTarget ActsOn => scheme switch
        {
            PositionScheme.None => PositionTarget.Nothing,
            PositionScheme.Sinusoidal or PositionScheme.Learned => PositionTarget.Embeddings,
            PositionScheme.Rotary => PositionTarget.QueriesAndKeys,
            PositionScheme.ShawRelative or PositionScheme.RelativeBias or PositionScheme.Alibi => PositionTarget.Scores,
            _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "This position scheme is not known."),
        };
    }
}
