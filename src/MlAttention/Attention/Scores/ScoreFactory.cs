using MlAttention.Architecture;

namespace MlAttention.Attention.Scores;

/// <summary>Makes the score of a <see cref="ScoreFunction"/>.</summary>
public static class ScoreFactory
{
    /// <param name="function">The score function.</param>
    /// <param name="queryWidth">Width of the queries; only the additive score asks for it.</param>
    /// <param name="keyWidth">Width of the keys; only the additive score asks for it.</param>
    /// <param name="hiddenWidth">Hidden width of the additive score.</param>
    public static AttentionScore Create(ScoreFunction function, int queryWidth, int keyWidth, int hiddenWidth) => function switch
    {
        ScoreFunction.ScaledDotProduct => new ScaledDotProductScore(),
        ScoreFunction.Dot => new DotScore(),
        ScoreFunction.Additive => new AdditiveScore(queryWidth, keyWidth, hiddenWidth),
        ScoreFunction.Cosine => new CosineScore(),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "This score function is not known."),
    };
}
