using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Blocks of queries and keys with a running softmax: exact, and the extra memory is O(n), forward and backward.</summary>
/// <remarks>
/// For each block of queries, over the blocks of keys: m' = max(m, max s); l' = l e^(m-m') + sum e^(s-m'); o' = o e^(m-m') + e^(s-m') v;
/// at the end output = o / l. The backward pass computes each block again from log-sum-exp = m + log l, which it keeps instead of the weights:
/// with p = e^(s - lse): dv = p^T do; dp = do v^T; ds = p (dp - delta), delta = sum over the keys of p dp = do·o.
/// Works with every score, mask and position scheme. Source: Rabe and Staats 2021, section 3; Dao et al. 2022, algorithms 1 and 4.
/// </remarks>
public sealed class ChunkedAttention : IAttentionAlgorithm
{
    private readonly int _blockSize;

    /// <summary>Creates the algorithm.</summary>
    /// <param name="blockSize">Queries and keys of one block; at least 1.</param>
    public ChunkedAttention(int blockSize = 256)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        _blockSize = blockSize;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <remarks>Who asks for the weights [B,H,L,S] asks for the whole matrix, and gets it as <see cref="FullAttention"/> computes it.</remarks>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        AttentionShapes.Require(inputs);
        if (inputs.ReturnWeights) return new FullAttention().Attend(inputs);
        using var scope = NewDisposeScope();
        var chunks = new AttentionChunks(inputs, _blockSize);
        object[] arguments = [chunks, inputs.Query, inputs.Key, inputs.Value, .. chunks.Parameters];
        return new AttentionResult(ChunkedAttentionFunction.apply(arguments).MoveToOuterDisposeScope(), null);
    }
}
