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
}
