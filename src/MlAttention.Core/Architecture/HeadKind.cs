namespace MlAttention;

/// <summary>How the pooled vector of a sequence, or the vector of a token, becomes a number for each class.</summary>
/// <remarks>
/// Linear: logits = W pooled + b. Tanh and Relu have a layer before it: logits = W f(W' pooled + b') + b, with W' [D,D]. The tied heads are for
/// tasks that predict tokens: W is the embedding's rows of the vocabulary, which so get gradients from both sides (Press and Wolf 2017).
/// </remarks>
public enum HeadKind
{
    /// <summary>One linear map.</summary>
    Linear,
    /// <summary>A hidden layer with tanh before it: the pooler of BERT, the head of RoBERTa (Devlin et al. 2019; Liu et al. 2019).</summary>
    Tanh,
    /// <summary>A hidden layer with max(0, x) before it: the head of DistilBERT (Sanh et al. 2019).</summary>
    Relu,
    /// <summary>logits = E h + b, with E the embedding of the V tokens [V,D]: the head of GPT (Radford et al. 2018), with a bias.</summary>
    Tied,
    /// <summary>
    /// The same after a hidden layer: logits = E LayerNorm(f(W' h + b')) + b, where f is the encoder's activation: the head of BERT's
    /// pre-training (Devlin et al. 2019, cls.predictions of their code).
    /// </summary>
    TiedTransform,
}

/// <summary>What is true of a head, wherever it is asked.</summary>
internal static class HeadKinds
{
    extension(HeadKind head)
    {
        /// <summary>Whether the embedding is the head's matrix.</summary>
        public bool IsTied => head is HeadKind.Tied or HeadKind.TiedTransform;
    }
}
