namespace MlAttention.Ablation.Report;

/// <summary>Small trained models that the page itself runs, so that a reader can move words and see what each model makes of it.</summary>
/// <param name="Seed">The seed of the runs that they come from.</param>
/// <param name="Vocabulary">The token of each key: that of key k is Vocabulary[k - 1].</param>
/// <param name="Models">The main comparison's variants: with order, without.</param>
internal sealed record PlaygroundStudy(int Seed, IReadOnlyList<string> Vocabulary, IReadOnlyList<PlaygroundModel> Models);

/// <summary>One trained model.</summary>
/// <param name="Variant">What was trained.</param>
/// <param name="Weights">Its weights as <see cref="HalfWeights"/> writes them.</param>
internal sealed record PlaygroundModel(AblationVariant Variant, byte[] Weights);

/// <summary>Which models a page can carry and run.</summary>
internal static class PlaygroundLimits
{
    /// <summary>Most bytes of all models together.</summary>
    public const int MostBytes = 400_000;

    /// <summary>Bytes of a model's weights.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="vocabulary">Tokens of the vocabulary.</param>
    /// <param name="classes">Number of classes.</param>
    public static long BytesOf(SequenceModelOptions model, int vocabulary, int classes) => HalfWeights.BytesOf(Layout(model, vocabulary, classes));

    /// <summary>Names and shapes of a model's weights.</summary>
    public static IReadOnlyList<WeightShape> Layout(SequenceModelOptions model, int vocabulary, int classes) =>
        WeightLayout.Of(model, TokenIds.EmbeddingRows(vocabulary, model), classes);

    /// <summary>What <see cref="ReasonAgainst"/> says of texts of several columns.</summary>
    public const string TextsOfParts = "texts of several parts";

    /// <summary>What of a model the page's script does not compute, or null when it computes all of it: what is not listed here is refused, not ignored.</summary>
    public static string? ReasonAgainst(SequenceModelOptions model)
    {
        if (model.Encoder != EncoderKind.Attention) return $"the encoder {model.Encoder}";
        if (model.Score is not (ScoreFunction.ScaledDotProduct or ScoreFunction.Dot)) return $"the score {model.Score}";
        if (model.Algorithm is not (AttentionAlgorithm.Full or AttentionAlgorithm.Chunked or AttentionAlgorithm.LocalWindow)) return $"{model.Algorithm} attention";
        if (model.Algorithm == AttentionAlgorithm.LocalWindow && !model.Mask.IsLocal) return "local attention without such a mask";
        if (model.Positions == PositionScheme.ShawRelative && model.Score == ScoreFunction.Dot) return "Shaw's positions with scores that are not scaled";
        if (model.SeparatorKey is not null) return TextsOfParts;
        if (model.TokenTypes > 0) return "token types";
        if (model.EmbeddingNorm) return "a norm of the embeddings";
        return model.KeepBoundaries ? "texts that are cut between their ends" : null;
    }
}
