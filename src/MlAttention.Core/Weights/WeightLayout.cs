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

    /// <summary>The name of the vectors of token types.</summary>
    public const string TokenTypesName = "token_types.weight";

    /// <summary>What the names of the norm of the embeddings begin with.</summary>
    public const string EmbeddingNormName = "embedding_norm";

    /// <summary>Rows of the embedding that stand for no token of the vocabulary: padding, the first, and the unknown token, the last.</summary>
    private const int SpecialRows = 2;

    /// <summary>The weights of a classifier.</summary>
    /// <param name="model">The architecture.</param>
    /// <param name="embeddingRows">Rows of the embedding.</param>
    /// <param name="classes">Number of classes C; 0 for an encoder alone, which has no head.</param>
    /// <exception cref="ArgumentException">The head is tied, and the classes are not the vocabulary's tokens.</exception>
    public static IReadOnlyList<WeightShape> Of(SequenceModelOptions model, int embeddingRows, int classes)
    {
        RequireVocabulary(model, embeddingRows, classes);
        int layers = model.Encoder == EncoderKind.BagOfEmbeddings ? 0 : model.Layers;
        return
        [
            .. Inputs(model, embeddingRows),
            .. Enumerable.Range(0, layers).SelectMany(layer => EncoderLayer(model, $"encoder.layers.{layer}.").Select(weight => weight with { Depth = layer + 1 })),
            .. Top(model, classes).Select(weight => weight with { Depth = layers + 1 }),
        ];
    }

    /// <summary>Checks that the classes of a tied head are the vocabulary's tokens.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void RequireVocabulary(SequenceModelOptions model, int embeddingRows, int classes)
    {
        if (!model.Head.IsTied || classes == 0 || classes == embeddingRows - SpecialRows) return;
        throw new ArgumentException($"A {model.Head} head has a class for each token of the vocabulary: {embeddingRows - SpecialRows} with {embeddingRows} rows of the embedding, which has rows for padding and the unknown token besides. Got {classes} classes.", nameof(classes));
    }

    /// <summary>The token vectors.</summary>
    /// <param name="rows">Padding, the vocabulary, the unknown token, and the special tokens.</param>
    /// <param name="width">Width D.</param>
    /// <param name="specialTokens">Rows after the unknown token's.</param>
    /// <param name="scaled">Whether the factor sqrt(D) follows, or a tied head multiplies vectors of D such numbers.</param>
    public static WeightShape Embedding(int rows, int width, int specialTokens = 0, bool scaled = true) =>
        new(EmbeddingName, [rows, width], WeightInit.Tokens(scaled ? width : 1, unknownRow: rows - 1 - specialTokens)) { Rows = RowKind.Tokens };

    /// <summary>Learned positions.</summary>
    public static WeightShape Positions(string name, int length, int width) => new(name, [length, width], WeightInit.Positions);

    /// <summary>The query of attention pooling, which starts as the mean.</summary>
    public static WeightShape Pooling(string name, int width) => new(name, [width], WeightInit.Zero);

    /// <summary>What comes before the layers.</summary>
    private static IEnumerable<WeightShape> Inputs(SequenceModelOptions model, int embeddingRows)
    {
        yield return Embedding(embeddingRows, model.ModelWidth, model.SpecialTokens, model.ScaleEmbeddings || model.Head.IsTied);
        foreach (var weight in SharedPositions(model)) yield return weight;
        if (model.TokenTypes > 0) yield return new(TokenTypesName, [model.TokenTypes, model.ModelWidth], WeightInit.Zero);
        if (!model.EmbeddingNorm) yield break;
        foreach (var weight in LayerNorm(EmbeddingNormName, model.ModelWidth)) yield return weight;
    }

    /// <summary>What comes after the layers.</summary>
    private static IEnumerable<WeightShape> Top(SequenceModelOptions model, int classes)
    {
        int width = model.ModelWidth;
        WeightShape[] norm = model.Encoder == EncoderKind.Attention && model.Norm == NormPlacement.Pre ? [.. LayerNorm("encoder.norm", width)] : [];
        WeightShape[] pooling = model.Pooling == PoolingKind.Attention ? [Pooling("pooling.query", width)] : [];
        return [.. norm, .. pooling, .. (classes > 0 ? Head(model.Head, width, classes) : []).Select(weight => weight with { IsHead = true })];
    }

    private static IEnumerable<WeightShape> Head(HeadKind head, int width, int classes) =>
    [
        .. head != HeadKind.Linear && head != HeadKind.Tied ? Linear("head.dense", width, width) : [],
        .. head == HeadKind.TiedTransform ? LayerNorm("head.norm", width) : [],
        .. head.IsTied ? [new("head.bias", [classes], WeightInit.Zero) { Rows = RowKind.VocabularyTokens }]
            : Linear("head", classes, width).Select(weight => weight with { Rows = RowKind.Labels }),
    ];

    private static IEnumerable<WeightShape> SharedPositions(SequenceModelOptions model) => model.Positions switch
    {
        PositionScheme.Learned => [Positions("positions.weight", model.PositionRows, model.ModelWidth)],
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

    /// <summary>A layer normalisation.</summary>
    public static IEnumerable<WeightShape> LayerNorm(string name, int width) =>
        [new(name + ".weight", [width], WeightInit.One), new(name + ".bias", [width], WeightInit.Zero)];
}
