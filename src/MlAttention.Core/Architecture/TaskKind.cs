namespace MlAttention;

/// <summary>What a model is asked for: what the numbers of its head mean, and what it is trained on.</summary>
public enum TaskKind
{
    /// <summary>One of C labels for each sequence: probabilities that add up to 1, trained with cross entropy.</summary>
    SingleLabel,
    /// <summary>None to all of C labels for each sequence: a probability for each label, trained with binary cross entropy.</summary>
    MultiLabel,
    /// <summary>One of C labels for each token, as for named entities: nothing is pooled, and each token's vector goes to the head.</summary>
    TokenLabels,
    /// <summary>A number for each sequence, trained with the squared error.</summary>
    Regression,
    /// <summary>
    /// The token that stood at a place before it was masked, for pre-training (Devlin et al. 2019, section 3.1): the classes are the
    /// vocabulary's V tokens, class c being key c + 1, and only the places with a label are computed in training. Padding and the unknown
    /// token are never predicted.
    /// </summary>
    MaskedTokens,
    /// <summary>
    /// The token that follows each one, for generation (Radford et al. 2018): classes as with <see cref="MaskedTokens"/>, the label of place
    /// i is the token at i + 1, and the mask is causal.
    /// </summary>
    NextToken,
}

/// <summary>What is true of a task, wherever it is asked.</summary>
internal static class TaskKinds
{
    extension(TaskKind task)
    {
        /// <summary>Whether each token has logits of its own, and nothing is pooled.</summary>
        public bool IsPerToken => task is TaskKind.TokenLabels or TaskKind.MaskedTokens or TaskKind.NextToken;

        /// <summary>Whether the classes are the tokens of the vocabulary.</summary>
        public bool PredictsTokens => task is TaskKind.MaskedTokens or TaskKind.NextToken;
    }
}
