using MlAttention.Positions;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>Each query attends only to keys at most a radius away: exact for that mask, time and memory O(n w).</summary>
/// <remarks>
/// Blocks of queries, each with the keys that any of its queries can see; inside, attention by its definition with the window's mask.
/// The mask of the inputs applies as well. Source: Povey et al. 2018 (time-restricted self-attention); Beltagy et al. 2020, section 3.1.
/// </remarks>
public sealed class LocalWindowAttention : IAttentionAlgorithm
{
    private const int SmallestBlock = 64;
    private readonly int _radius;

    /// <summary>Creates the algorithm.</summary>
    /// <param name="radius">The window's radius in tokens to each side.</param>
    public LocalWindowAttention(int radius)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        _radius = radius;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Weights are asked for, or a shape does not fit.</exception>
    public AttentionResult Attend(AttentionInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        AttentionShapes.Require(inputs);
        inputs.RequireNoWeights("Local window");
        using var scope = NewDisposeScope();
        var window = AttentionMask.LocalWindow(_radius);
        var blocks = AttentionDefinition.Blocks(inputs.Query.shape[2], Math.Max(_radius, SmallestBlock))
            .Select(queries => AttendBlock(inputs, queries, window));
        return new AttentionResult(cat([.. blocks], 2).MoveToOuterDisposeScope(), null);
    }

    private Tensor AttendBlock(AttentionInputs inputs, PositionSpan queries, AttentionMask window)
    {
        using var scope = NewDisposeScope();
        var first = Math.Max(0, queries.Start - _radius);
        var end = Math.Min(inputs.Key.shape[2], queries.End + _radius);
        var output = end > first
            ? AttentionDefinition.Attend(inputs, queries, new PositionSpan(first, end - first), window).Output
            : zeros([.. inputs.Query.shape[..2], queries.Length, inputs.Value.shape[3]], inputs.Query.dtype, inputs.Query.device);
        return output.MoveToOuterDisposeScope();
    }
}
