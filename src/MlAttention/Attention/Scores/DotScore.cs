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
    protected override Tensor Score(Tensor query, Tensor key) => query.matmul(key.transpose(-2, -1));
}
