namespace MlAttention.Torch.Attention;

/// <summary>Each query attends only to keys at most a radius away: exact for that mask, time and memory O(n w).</summary>
/// <remarks>
/// Blocks of queries, at least as long as the radius, each with the keys that any of its queries can see: those of its own block and
/// of the blocks beside it. Inside, attention by its definition with the window's mask. The mask of the inputs applies as well.
/// Source: Povey et al. 2018 (time-restricted self-attention); Beltagy et al. 2020, section 3.1.
/// </remarks>
internal sealed class LocalWindowAttention : IAttentionAlgorithm
{
    private const int SmallestBlock = 64;
    private readonly int _radius;
    private readonly int _blockSize;
    private readonly AttentionMask _window;

    /// <summary>Creates the algorithm.</summary>
    /// <param name="radius">The window's radius in tokens to each side.</param>
    public LocalWindowAttention(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        (_radius, _blockSize, _window) = (radius, Math.Max(radius, SmallestBlock), AttentionMask.LocalWindow(radius));
    }

    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    /// <remarks>Who asks for the weights [B,H,L,S] asks for the whole matrix, and gets it as <see cref="FullAttention"/> computes it.</remarks>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        inputs.RequireScoreAndMask();
        inputs = inputs with { Mask = AttentionMask.Combine(inputs.Mask, _window) };
        if (inputs.ReturnWeights) return new FullAttention().Attend(inputs);
        using var scope = NewDisposeScope();
        var keyLength = inputs.Key.shape[2];
        var (query, key, value) = (inputs.Query.Cut(_blockSize), inputs.Key.Cut(_blockSize), inputs.Value.Cut(_blockSize));
        List<Tensor> outputs = [];
        foreach (var queries in SequenceBlocks.Spans(inputs.Query.shape[2], _blockSize))
        {
            var block = outputs.Count;
            var first = Math.Max(0, queries.Start - _radius);
            var keys = new PositionSpan(first, Math.Min(keyLength, queries.End + _radius) - first);
            outputs.Add(keys.Length > 0
                ? AttendBlock(inputs with { Query = query[block], Key = Around(key, block, keys), Value = Around(value, block, keys) }, queries, keys)
                : zeros([.. query[block].shape[..3], inputs.Value.shape[3]], inputs.Query.dtype, inputs.Query.device));
        }
        return new AttentionResult(cat(outputs, 2).MoveToOuterDisposeScope(), null);
    }

    private static Tensor AttendBlock(AttentionInputs inputs, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        return inputs.Attend(queries, keys).Output.MoveToOuterDisposeScope();
    }

    /// <summary>The keys or values of a span that lies in a block and the blocks beside it.</summary>
    private Tensor Around(Tensor[] blocks, int block, PositionSpan span)
    {
        var first = Math.Max(0, block - 1);
        var joined = cat(blocks[first..Math.Min(blocks.Length, block + 2)], 2);
        return joined.At(span with { Start = span.Start - (long)first * _blockSize });
    }
}
