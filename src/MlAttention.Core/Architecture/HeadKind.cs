namespace MlAttention;

/// <summary>How the pooled vector of a sequence becomes a number for each class.</summary>
/// <remarks>
/// Linear: logits = W pooled + b. The others have a layer before it: logits = W f(W' pooled + b') + b, with W' [D,D].
/// </remarks>
public enum HeadKind
{
    /// <summary>One linear map.</summary>
    Linear,
    /// <summary>A hidden layer with tanh before it: the pooler of BERT, the head of RoBERTa (Devlin et al. 2019; Liu et al. 2019).</summary>
    Tanh,
    /// <summary>A hidden layer with max(0, x) before it: the head of DistilBERT (Sanh et al. 2019).</summary>
    Relu,
}
