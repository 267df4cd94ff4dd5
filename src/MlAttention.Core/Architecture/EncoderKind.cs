namespace MlAttention;

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

/// <summary>The nonlinearity of the feed-forward network.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,
    /// <summary>x Φ(x), exact (Hendrycks and Gimpel 2016).</summary>
    Gelu,
    /// <summary>x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2, the approximation of <see cref="Gelu"/> that GPT-2 and others were trained with (Hendrycks and Gimpel 2016).</summary>
    GeluTanh,
}

/// <summary>Where layer normalisation stands in an encoder layer.</summary>
public enum NormPlacement
{
    /// <summary>Before each sublayer, with a final norm after the last layer (Xiong et al. 2020).</summary>
    Pre,
    /// <summary>After each residual sum (Vaswani et al. 2017).</summary>
    Post,
}
