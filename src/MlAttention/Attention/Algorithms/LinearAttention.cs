using MlAttention.Attention.Scores;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Attention with the kernel (elu(q) + 1)·(elu(k) + 1) instead of the softmax: another model, in time O(n).</summary>
/// <remarks>
/// f(x) = elu(x) + 1, greater than 0; output[i] = f(q_i) (sum over j of f(k_j) v_j^T) / (f(q_i) · sum over j of f(k_j)).
/// Takes padding and causal masks. No weights are formed: dropout drops keys instead, each for all queries of a head at once.
/// Source: Katharopoulos et al. 2020, section 3.2, equation 7.
/// </remarks>
public sealed class LinearAttention : IAttentionAlgorithm
{
    private readonly int _blockSize;

    /// <summary>Creates the algorithm.</summary>
    /// <param name="blockSize">Causal: tokens of one block; at least 1.</param>
    public LinearAttention(int blockSize = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        _blockSize = blockSize;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Asked for what needs scores: weights, a temperature, another score or mask, positions that act on scores.</exception>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        AttentionShapes.Require(inputs);
        inputs.RequireNoScores("Linear");
        if (inputs.Score is not ScaledDotProductScore || inputs.Temperature != 1)
            throw new ArgumentException($"Linear attention has its own score, without temperature; got {inputs.Score.GetType().Name} and T = {inputs.Temperature}. Leave both at their defaults.");
        using var scope = NewDisposeScope();
        var (realKeys, causal) = KernelAttention.Split(inputs, "Linear");
        var (query, key) = (Features(inputs.Query), Features(inputs.Key));
        if (realKeys is not null) key = key.masked_fill(realKeys.logical_not(), Number(0));
        var value = KernelAttention.Dropped(inputs);
        var output = causal
            ? KernelAttention.Causal(query, key, value, _blockSize)
            : KernelAttention.Bidirectional(query, key, value);
        return new AttentionResult(output.MoveToOuterDisposeScope(), null);
    }

    private static Tensor Features(Tensor vectors) => vectors.elu(Number(1), Number(1), Number(1)).add(Number(1));
}
