namespace MlAttention.Encoders;

/// <summary>What turns a sequence of embeddings into a sequence of contextual vectors.</summary>
public enum EncoderKind
{
    /// <summary>Layers of self-attention and feed-forward networks (Vaswani et al. 2017).</summary>
    Attention,
    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997), bidirectional.</summary>
    Lstm,
    /// <summary>Gated recurrent units (Cho et al. 2014), bidirectional.</summary>
    Gru,
    /// <summary>One-dimensional convolutions over neighbouring tokens (Kim 2014).</summary>
    Cnn,
    /// <summary>The embeddings as they are: no token sees another.</summary>
    BagOfEmbeddings,
}
