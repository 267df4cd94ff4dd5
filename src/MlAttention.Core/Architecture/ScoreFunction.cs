namespace MlAttention;

/// <summary>How well a query matches a key.</summary>
public enum ScoreFunction
{
    /// <summary>q·k / sqrt(Dh) (Vaswani et al. 2017).</summary>
    ScaledDotProduct,
    /// <summary>q·k (Luong et al. 2015).</summary>
    Dot,
    /// <summary>v·tanh(Wq q + Wk k) (Bahdanau et al. 2015).</summary>
    Additive,
    /// <summary>q·k / (|q| |k|) (Graves et al. 2014).</summary>
    Cosine,
}
