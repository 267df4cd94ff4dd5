namespace MlAttention;

/// <summary>Models without attention, to tell what the words alone give away.</summary>
public enum BaselineKind
{
    /// <summary>Always the most frequent class of the training texts.</summary>
    Majority,
    /// <summary>ML.NET's LbfgsMaximumEntropy, a linear softmax model, on the counts of words.</summary>
    BagOfWords,
    /// <summary>The same model on the counts of words and of pairs of neighbouring words.</summary>
    BagOfBigrams,
    /// <summary>ML.NET's SdcaMaximumEntropy, the same kind of model trained another way, on the counts of <see cref="BagOfBigrams"/>.</summary>
    SdcaMaximumEntropy,
    /// <summary>A linear softmax model on the number of words alone: what survives any order.</summary>
    LengthOnly,
    /// <summary>A linear softmax model on the mean of the vectors that a pretrained encoder has for the pieces of a text before its first layer; only in a plan for one.</summary>
    StaticVectors,
}
