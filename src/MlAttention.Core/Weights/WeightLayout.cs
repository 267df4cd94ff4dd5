namespace MlAttention.Core.Weights;

/// <summary>
/// Names and shapes of a classifier's weights, from its options alone. Names and shapes are those of
/// torch.nn.TransformerEncoderLayer where it has them: linear weights [out, in], query, key and value stacked in
/// in_proj_weight [3D,D].
/// </summary>
internal static class WeightLayout
{
    /// <summary>The name of the token vectors.</summary>
    public const string EmbeddingName = "embedding.weight";

    /// <summary>The weights of a classifier.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="embeddingRows">Rows of the embedding.</param>
    /// <param name="classes">Number of classes C.</param>
    public static IReadOnlyList<WeightShape> Of(SequenceModelOptions model, int embeddingRows, int classes)
    {
        int width = model.ModelWidth;
        var weights = new List<WeightShape> { Embedding(embeddingRows, width, model.SpecialTokens) };
        weights.AddRange(SharedPositions(model));
        if (model.Encoder != EncoderKind.BagOfEmbeddings)
            for (int layer = 0; layer < model.Layers; layer++) weights.AddRange(EncoderLayer(model, $"encoder.layers.{layer}."));
        if (model.Encoder == EncoderKind.Attention && model.Norm == NormPlacement.Pre) weights.AddRange(LayerNorm("encoder.norm", width));
        if (model.Pooling == PoolingKind.Attention) weights.Add(Pooling("pooling.query", width));
        weights.AddRange(Linear("head", classes, width));
        return weights;
    }

    /// <summary>The token vectors.</summary>
    /// <param name="rows">Padding, the vocabulary, the unknown token, and the special tokens.</param>
    /// <param name="width">Width D.</param>
    /// <param name="specialTokens">Rows after the unknown token's.</param>
    public static WeightShape Embedding(int rows, int width, int specialTokens = 0) =>
        new(EmbeddingName, [rows, width], WeightInit.Tokens(width, unknownRow: rows - 1 - specialTokens));

    /// <summary>Learned positions.</summary>
    public static WeightShape Positions(string name, int length, int width) => new(name, [length, width], WeightInit.Positions);

    /// <summary>The query of attention pooling, which starts as the mean.</summary>
    public static WeightShape Pooling(string name, int width) => new(name, [width], WeightInit.Zero);

    private static IEnumerable<WeightShape> SharedPositions(SequenceModelOptions model) => model.Positions switch
    {
        PositionScheme.Learned => [Positions("positions.weight", model.MaxLength, model.ModelWidth)],
        PositionScheme.RelativeBias when model.Encoder == EncoderKind.Attention => [new("positions.bias", [model.PositionDetails.Buckets, model.Heads], WeightInit.ScoreBias)],
        _ => [],
    };

    private static IEnumerable<WeightShape> EncoderLayer(SequenceModelOptions model, string layer) => model.Encoder switch
    {
        EncoderKind.Attention =>
        [
            .. Attention(layer + "self_attn.", model, model.Positions, model.PositionDetails),
            .. Linear(layer + "linear1", model.FeedForwardWidth, model.ModelWidth),
            .. Linear(layer + "linear2", model.ModelWidth, model.FeedForwardWidth),
            .. LayerNorm(layer + "norm1", model.ModelWidth),
            .. LayerNorm(layer + "norm2", model.ModelWidth),
        ],
        EncoderKind.Lstm => RecurrentLayer(model, layer, gates: 4),
        EncoderKind.Gru => RecurrentLayer(model, layer, gates: 3),
        EncoderKind.Cnn =>
        [
            new(layer + "weight", [model.ModelWidth, model.ModelWidth, SequenceModelOptions.ConvolutionTokens], WeightInit.OfInputs(model.ModelWidth * SequenceModelOptions.ConvolutionTokens), Decays: true),
            new(layer + "bias", [model.ModelWidth], WeightInit.OfInputs(model.ModelWidth * SequenceModelOptions.ConvolutionTokens)),
        ],
        _ => throw new ArgumentOutOfRangeException(nameof(model), model.Encoder, "This encoder is not known."),
    };

    /// <summary>The weights of multi-head self-attention.</summary>
    /// <param name="prefix">What precedes the names.</param>
    /// <param name="attention">The layer's options; keys and values as wide as queries.</param>
    /// <param name="positions">The position scheme; schemes with vectors in each layer have theirs here.</param>
    /// <param name="details">Details of the position scheme.</param>
    public static IReadOnlyList<WeightShape> Attention(string prefix, AttentionSettings attention, PositionScheme positions, PositionOptions details)
    {
        int width = attention.ModelWidth, headWidth = attention.HeadWidth, scoreWidth = attention.ScoreWidth;
        WeightShape[] score = attention.Score != ScoreFunction.Additive ? []
            : [Matrix("score.query.weight", scoreWidth, headWidth), Matrix("score.key.weight", scoreWidth, headWidth), Matrix("score.value.weight", 1, scoreWidth)];
        int[] relative = [2 * details.ClipDistance + 1, headWidth];
        var relativeInit = WeightInit.Glorot(relative[0], relative[1]);
        WeightShape[] vectors = positions != PositionScheme.ShawRelative ? [] : [new("positions.key", relative, relativeInit), new("positions.value", relative, relativeInit)];
        WeightShape[] weights =
        [
            new("in_proj_weight", [3 * width, width], WeightInit.Glorot(3 * width, width), Decays: true),
            new("in_proj_bias", [3 * width], WeightInit.Zero),
            Matrix("out_proj.weight", width, width),
            new("out_proj.bias", [width], WeightInit.Zero),
            .. score,
            .. vectors,
        ];
        return [.. weights.Select(weight => weight with { Name = prefix + weight.Name })];
    }

    /// <summary>One direction, or two of half the width; weights and biases of a cell's gates stacked as in torch.nn.LSTM and torch.nn.GRU.</summary>
    private static IEnumerable<WeightShape> RecurrentLayer(SequenceModelOptions model, string layer, int gates)
    {
        string[] directions = model.Mask == MaskKind.Bidirectional ? ["forward", "backward"] : ["forward"];
        int width = model.ModelWidth, hidden = width / directions.Length;
        return directions.SelectMany(direction => new WeightShape[]
        {
            Matrix($"{layer}{direction}.weight_ih_l0", gates * hidden, width),
            Matrix($"{layer}{direction}.weight_hh_l0", gates * hidden, hidden),
            new($"{layer}{direction}.bias_ih_l0", [gates * hidden], WeightInit.OfInputs(width)),
            new($"{layer}{direction}.bias_hh_l0", [gates * hidden], WeightInit.OfInputs(hidden)),
        });
    }

    private static IEnumerable<WeightShape> Linear(string name, int outputs, int inputs) =>
        [Matrix(name + ".weight", outputs, inputs), new(name + ".bias", [outputs], WeightInit.OfInputs(inputs))];

    private static WeightShape Matrix(string name, int outputs, int inputs) => new(name, [outputs, inputs], WeightInit.OfInputs(inputs), Decays: true);

    private static IEnumerable<WeightShape> LayerNorm(string name, int width) =>
        [new(name + ".weight", [width], WeightInit.One), new(name + ".bias", [width], WeightInit.Zero)];
}
