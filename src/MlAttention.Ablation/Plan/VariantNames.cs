namespace MlAttention.Ablation.Plan;

/// <summary>What the report calls things.</summary>
internal static class VariantNames
{
    /// <summary>A position scheme, for example "ALiBi".</summary>
    public static string Of(PositionScheme scheme) => scheme switch
    {
        PositionScheme.ShawRelative => "Shaw relative",
        PositionScheme.RelativeBias => "relative bias",
        PositionScheme.Alibi => "ALiBi",
        _ => scheme.ToString().ToLowerInvariant(),
    };

    /// <summary>An encoder, for example "LSTM".</summary>
    public static string Of(EncoderKind encoder) => encoder switch
    {
        EncoderKind.Lstm => "LSTM",
        EncoderKind.Gru => "GRU",
        EncoderKind.Cnn => "CNN",
        EncoderKind.BagOfEmbeddings => "bag of embeddings",
        _ => "attention",
    };

    /// <summary>A mask, for example "causal".</summary>
    public static string Of(MaskKind mask) => mask switch
    {
        MaskKind.LocalWindow => "local window",
        MaskKind.CausalLocalWindow => "causal local window",
        _ => mask.ToString().ToLowerInvariant(),
    };

    /// <summary>An algorithm, for example "local window".</summary>
    public static string Of(AttentionAlgorithm algorithm) => algorithm == AttentionAlgorithm.LocalWindow ? "local window" : algorithm.ToString().ToLowerInvariant();

    /// <summary>A shuffling, for example "test shuffled".</summary>
    public static string Of(TokenShuffling shuffling) => shuffling switch
    {
        TokenShuffling.Test => "test shuffled",
        TokenShuffling.Train => "training shuffled",
        TokenShuffling.Both => "both shuffled",
        _ => "in order",
    };
}
