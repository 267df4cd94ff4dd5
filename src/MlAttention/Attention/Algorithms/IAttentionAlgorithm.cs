namespace MlAttention.Attention.Algorithms;

/// <summary>Computes attention: a variant differs in cost, and where it says so in the result, never in the interface.</summary>
public interface IAttentionAlgorithm
{
    /// <summary>output = softmax((score(q, k) + position bias) / T) v over the keys that the mask allows.</summary>
    /// <exception cref="ArgumentException">A shape does not fit, or the algorithm does not cover what is asked for; the message says what.</exception>
    AttentionResult Attend(AttentionInputs inputs);
}
