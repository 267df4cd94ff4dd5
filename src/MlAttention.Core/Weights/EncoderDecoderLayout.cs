namespace MlAttention.Core.Weights;

/// <summary>
/// Names and shapes of an encoder-decoder's weights. The encoder's are those of a classifier's encoder, so a file of one fits the other; the
/// decoder's are those of another one under names of their own, with cross-attention and a third norm in each layer, as
/// torch.nn.TransformerDecoderLayer has them.
/// </summary>
internal static class EncoderDecoderLayout
{
    private const string Encoder = "encoder.", Decoder = "decoder.", Target = "target_";

    /// <summary>The weights.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="sourceVocabulary">Number of keys V of the source.</param>
    /// <param name="targetVocabulary">Number of keys V of the target, its end included.</param>
    public static IReadOnlyList<WeightShape> Of(SequenceModelOptions encoder, SequenceModelOptions decoder, int sourceVocabulary, int targetVocabulary)
    {
        var withStart = decoder with { Pooling = PoolingKind.Cls };        // one more row of the embedding, as for CLS
        var source = WeightLayout.Of(encoder, TokenIds.EmbeddingRows(sourceVocabulary, encoder), classes: 0);
        int above = source.Max(weight => weight.Depth) + 1;
        return
        [
            .. source,
            .. WeightLayout.Of(withStart, TokenIds.EmbeddingRows(targetVocabulary, withStart), targetVocabulary).Select(weight => OfDecoder(weight, above)),
            .. Enumerable.Range(0, decoder.Layers).SelectMany(layer => CrossAttention(decoder, layer).Select(weight => weight with { Depth = above + layer + 1 })),
        ];
    }

    private static WeightShape OfDecoder(WeightShape weight, int above) => weight with
    {
        Name = weight.IsHead ? weight.Name
            : weight.Name.StartsWith(Encoder, StringComparison.Ordinal) ? Decoder + weight.Name[Encoder.Length..]
            : Target + weight.Name,
        Depth = above + weight.Depth,
    };

    private static IEnumerable<WeightShape> CrossAttention(SequenceModelOptions decoder, int layer)
    {
        string prefix = $"{Decoder}layers.{layer}.";
        return [.. WeightLayout.Attention(prefix + "multihead_attn.", decoder, PositionScheme.None, decoder.PositionDetails), .. WeightLayout.LayerNorm(prefix + "norm3", decoder.ModelWidth)];
    }
}
