using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

/// <summary>The plain dot product.</summary>
/// <remarks>
/// score(q, k) = q·k. Its variance grows with the width, which saturates the softmax: see <see cref="ScaledDotProductScore"/>.
/// Source: Luong et al. 2015, section 3.1, "dot".
/// </remarks>
public sealed class DotScore : AttentionScore
{
    /// <summary>Creates the score.</summary>
    public DotScore() : base(nameof(DotScore))
    {
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Query and key differ in width.</exception>
    public override Tensor forward(Tensor query, Tensor key)
    {
        using var scope = NewDisposeScope();
        AttentionShapes.RequireSameWidth(query, key);
        return query.matmul(key.transpose(-2, -1)).MoveToOuterDisposeScope();
    }
}
