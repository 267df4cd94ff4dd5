using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

/// <summary>The dot product divided by the square root of the width, so that its variance does not depend on the width.</summary>
/// <remarks>
/// score(q, k) = q·k / sqrt(Dk). For independent q and k of mean 0 and variance 1, q·k has variance Dk and the score has variance 1.
/// Source: Vaswani et al. 2017, section 3.2.1, equation 1.
/// </remarks>
public sealed class ScaledDotProductScore : AttentionScore
{
    /// <summary>Creates the score.</summary>
    public ScaledDotProductScore() : base(nameof(ScaledDotProductScore))
    {
    }

    /// <inheritdoc/>
    protected override Tensor Score(Tensor query, Tensor key) => query.div(Number(Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1));
}
