namespace MlAttention;

/// <summary>How the vectors of a sequence become one vector. Padding never takes part.</summary>
public enum PoolingKind
{
    /// <summary>The mean over the tokens.</summary>
    Mean,
    /// <summary>The largest value over the tokens, for each dimension.</summary>
    Max,
    /// <summary>The vector of a trained token put before the sequence (Devlin et al. 2019).</summary>
    Cls,
    /// <summary>The vector of the last token.</summary>
    Last,
    /// <summary>A mean weighted by a trained softmax over the tokens.</summary>
    Attention,
    /// <summary>The vector of the first token, where the tokenizer itself has put a CLS; the model adds none.</summary>
    First,
}
