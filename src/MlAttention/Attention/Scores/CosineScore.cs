using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

/// <summary>The cosine of the angle between query and key: their lengths do not count.</summary>
/// <remarks>
/// score(q, k) = q·k / (max(|q|, 1e-8) max(|k|, 1e-8)), from -1 to 1; sharpen it with a temperature below 1.
/// Source: Graves et al. 2014, section 3.3.1, equation 6; the temperature is the inverse of their key strength β.
/// </remarks>
public sealed class CosineScore : AttentionScore
{
    private const double SmallestLength = 1e-8;

    /// <summary>Creates the score.</summary>
    public CosineScore() : base(nameof(CosineScore))
    {
    }

    /// <inheritdoc/>
    protected override Tensor Score(Tensor query, Tensor key) => Unit(query).matmul(Unit(key).transpose(-2, -1));

    /// <remarks>The clamp comes before the root, whose slope at 0 is infinite.</remarks>
    private static Tensor Unit(Tensor vectors) =>
        vectors.div(vectors.pow(Number(2)).sum(-1, keepdim: true).clamp(min: Number(SmallestLength * SmallestLength)).sqrt());
}
