namespace MlAttention.Ablation;

/// <summary>Models without attention, to tell what the words alone give away.</summary>
public enum BaselineKind
{
    /// <summary>Always the most frequent class of the training texts.</summary>
    Majority,
    /// <summary>A linear softmax model on the counts of words.</summary>
    BagOfWords,
    /// <summary>A linear softmax model on the counts of words and of pairs of neighbouring words.</summary>
    BagOfBigrams,
    /// <summary>ML.NET's SdcaMaximumEntropy on the same counts as <see cref="BagOfBigrams"/>. Needs the official packages.</summary>
    SdcaMaximumEntropy,
}
