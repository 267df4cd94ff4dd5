using MlAttention.Encoders;
using MlAttention.Positions;

namespace MlAttention.Weights;

/// <summary>
/// Names and shapes of a classifier's weights, from its options alone. Names and shapes are those of
/// torch.nn.TransformerEncoderLayer where it has them: linear weights [out, in], query, key and value stacked in
/// in_proj_weight [3D,D].
/// </summary>
internal static class WeightLayout
{
    /// <summary>The weights of an attention or bag-of-embeddings classifier with dot-product scores.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="embeddingRows">Rows of the embedding.</param>
    /// <param name="classes">Number of classes C.</param>
    /// <exception cref="NotSupportedException">The encoder is recurrent or convolutional: its module knows its own weights.</exception>
    public static IReadOnlyList<WeightShape> Of(SequenceModelOptions model, int embeddingRows, int classes)
    {
        var width = model.ModelWidth;
        var weights = new List<WeightShape> { new("embedding.weight", [embeddingRows, width]) };
        weights.AddRange(SharedPositions(model));
        switch (model.Encoder)
        {
            case EncoderKind.Attention:
                for (var layer = 0; layer < model.Layers; layer++) weights.AddRange(EncoderLayer(model, $"encoder.layers.{layer}."));
                if (model.Norm == NormPlacement.Pre) weights.AddRange(LayerNorm("encoder.norm", width));
                break;
            case EncoderKind.BagOfEmbeddings:
                break;
            default:
                throw new NotSupportedException($"The weights of the {model.Encoder} encoder are defined by its module.");
        }
        if (model.Pooling == PoolingKind.Attention) weights.Add(new("pooling.query", [width]));
        weights.AddRange(Linear("head", classes, width));
        return weights;
    }

    private static IEnumerable<WeightShape> SharedPositions(SequenceModelOptions model) => model.Positions switch
    {
        PositionScheme.Learned => [new("positions.weight", [model.MaxLength, model.ModelWidth])],
        PositionScheme.RelativeBias when model.Encoder == EncoderKind.Attention => [new("positions.bias", [model.PositionDetails.Buckets, model.Heads])],
        _ => [],
    };

    private static IEnumerable<WeightShape> EncoderLayer(SequenceModelOptions model, string layer)
    {
        var width = model.ModelWidth;
        var attention = layer + "self_attn.";
        IEnumerable<WeightShape> weights =
        [
            new(attention + "in_proj_weight", [3 * width, width]),
            new(attention + "in_proj_bias", [3 * width]),
            .. Linear(attention + "out_proj", width, width),
            .. Linear(layer + "linear1", model.FeedForwardWidth, width),
            .. Linear(layer + "linear2", width, model.FeedForwardWidth),
            .. LayerNorm(layer + "norm1", width),
            .. LayerNorm(layer + "norm2", width),
        ];
        if (model.Positions != PositionScheme.ShawRelative) return weights;
        int[] relative = [2 * model.PositionDetails.ClipDistance + 1, width / model.Heads];
        return weights.Append(new(attention + "positions.key", relative)).Append(new(attention + "positions.value", relative));
    }

    private static IEnumerable<WeightShape> Linear(string name, int outputs, int inputs) =>
        [new(name + ".weight", [outputs, inputs]), new(name + ".bias", [outputs])];

    private static IEnumerable<WeightShape> LayerNorm(string name, int width) =>
        [new(name + ".weight", [width]), new(name + ".bias", [width])];
}
