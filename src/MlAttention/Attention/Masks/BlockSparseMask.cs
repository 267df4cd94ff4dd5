using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

/// <summary>blocks[i / blockSize, j / blockSize].</summary>
internal sealed class BlockSparseMask : AttentionMask
{
    private readonly bool[,] _blocks;
    private readonly int _blockSize;

    public BlockSparseMask(bool[,] blocks, int blockSize)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        (_blocks, _blockSize) = ((bool[,])blocks.Clone(), blockSize);
    }

    public override Tensor Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var blocks = tensor(_blocks, device: device);
        var rows = blocks.index_select(0, BlockOf(queries, device));     // [L, key blocks]
        return rows.index_select(1, BlockOf(keys, device)).MoveToOuterDisposeScope();
    }

    internal override string? Misfit(long batch, long heads, long queryLength, long keyLength)
    {
        var (coveredQueries, coveredKeys) = (_blocks.GetLength(0) * (long)_blockSize, _blocks.GetLength(1) * (long)_blockSize);
        return queryLength <= coveredQueries && keyLength <= coveredKeys
            ? null
            : $"The block-sparse mask covers {coveredQueries} queries and {coveredKeys} keys; got {queryLength} and {keyLength}. Give it more blocks or a larger block size.";
    }

    private Tensor BlockOf(PositionSpan span, Device device)
    {
        var block = new long[span.Length];
        for (var i = 0; i < block.Length; i++) block[i] = (span.Start + i) / _blockSize;
        return tensor(block, device: device);
    }
}
