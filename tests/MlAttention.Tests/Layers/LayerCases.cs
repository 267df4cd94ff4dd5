using MlAttention.Tests.Encoders;
using static TorchSharp.torch;

namespace MlAttention.Tests.Layers;

/// <summary>Every public layer, in every variant: a new one is added here, or the tests of the list fail.</summary>
internal static class LayerCases
{
    private const int Batch = 5, Heads = 3, HeadWidth = 2, Width = Heads * HeadWidth, Length = 7, MemoryLength = 11, Hidden = 13, KeyWidth = 17, ValueWidth = 19, Tokens = 23;

    private static readonly PositionOptions _positionDetails = new() { ClipDistance = 3, Buckets = 8, MaxDistance = 5 };
    private static readonly AttentionOptions _attention = new() { ModelWidth = Width, Heads = Heads, BlockSize = 3, WindowRadius = 4, RandomFeatures = 11 };
    private static readonly LayerInput _sequence = new("x", Batch, Length, Width) { Padded = true };
    private static readonly LayerInput _memory = new("memory", Batch, MemoryLength, Width) { Padded = true };

    private static readonly SequenceModelOptions _model = new()
    {
        ModelWidth = Width, Heads = Heads, Layers = 2, FeedForwardWidth = Hidden, MaxLength = Length, WindowRadius = 2, Dropout = 0, PositionDetails = _positionDetails,
    };

    private static readonly SequenceModelOptions _bert = _model with { Norm = NormPlacement.Post, ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2 };

    public static IReadOnlyDictionary<string, LayerCase> All { get; } = ((IEnumerable<LayerCase>)
    [
        .. Scores(), .. SingleHeads(), .. Enum.GetValues<AttentionAlgorithm>().SelectMany(MultiHead), .. Enum.GetValues<PositionScheme>().Select(Positions), Grid(),
        .. EncoderLayers(), .. Decoders(), .. DecoderStacks(), .. Encoders(), .. Enum.GetValues<PoolingKind>().Where(kind => kind != PoolingKind.First).Select(Pooling), Head(), TiedHead(HeadKind.Tied), TiedHead(HeadKind.TiedTransform), .. Classifiers(), .. SequencesToSequences(), .. Embeddings(),
    ]).ToDictionary(layer => layer.Name);

    private static IEnumerable<LayerCase> Scores() => Enum.GetValues<ScoreFunction>().Select(function =>
    {
        var keyWidth = function == ScoreFunction.Additive ? KeyWidth : HeadWidth;
        return new LayerCase(
            TypeOf(() => AttentionScore.Create(function, HeadWidth, keyWidth, Hidden)), "",
            () =>
            {
                var score = AttentionScore.Create(function, HeadWidth, keyWidth, Hidden);
                return new((inputs, _) => score.call(inputs[0], inputs[1]), score);
            },
            new("query", Batch, Heads, Length, HeadWidth), new("key", Batch, Heads, MemoryLength, keyWidth));
    });

    private static IEnumerable<LayerCase> SingleHeads() =>
    [
        new(typeof(SelfAttention), "",
            () =>
            {
                var layer = new SelfAttention(Width, HeadWidth, ValueWidth);
                return new((inputs, masks) => layer.call(inputs[0], AttentionMask.Padding(masks[0])), layer);
            },
            _sequence) { RealOutputs = length => length },
        new(typeof(CrossAttention), "",
            () =>
            {
                var layer = new CrossAttention(Width, KeyWidth, HeadWidth, ValueWidth);
                return new((inputs, masks) => layer.call(inputs[0], inputs[1], AttentionMask.Padding(masks[1])), layer);
            },
            _sequence with { Padded = false }, new("memory", Batch, MemoryLength, KeyWidth) { Padded = true }),
    ];

    /// <summary>Each algorithm with the positions, scores and masks that it takes, on a sequence and on a memory of other widths.</summary>
    private static IEnumerable<LayerCase> MultiHead(AttentionAlgorithm algorithm)
    {
        var options = _attention with { Algorithm = algorithm };
        var formsScores = algorithm is not (AttentionAlgorithm.Linear or AttentionAlgorithm.Performer);
        foreach (var scheme in formsScores ? Enum.GetValues<PositionScheme>() : [PositionScheme.None, PositionScheme.Rotary])
            yield return SelfAttends($"{algorithm}, {scheme}", options, scheme);
        foreach (var score in Enum.GetValues<ScoreFunction>().Skip(1).Where(score => formsScores || (algorithm == AttentionAlgorithm.Performer && score == ScoreFunction.Dot)))
            yield return SelfAttends($"{algorithm}, {score}", options with { Score = score, Temperature = 1.5 }, PositionScheme.None);
        yield return SelfAttends($"{algorithm}, causal", options, PositionScheme.None, AttentionMask.Causal());
        if (formsScores)
        {
            yield return SelfAttends($"{algorithm}, window with global tokens", options, PositionScheme.None, AttentionMask.WindowWithGlobalTokens(1, 2));
            yield return SelfAttends($"{algorithm}, block-sparse", options, PositionScheme.None, AttentionMask.BlockSparse(new bool[,] { { true, true, false }, { true, false, true }, { false, true, false } }, 3));
        }
        yield return new(typeof(MultiHeadAttention), $"{algorithm}, of a memory",
            () =>
            {
                var layer = new MultiHeadAttention(options with { KeyWidth = KeyWidth, ValueWidth = ValueWidth, Bias = false, WindowRadius = MemoryLength });
                return new((inputs, masks) => layer.call(inputs[0], inputs[1], inputs[2], AttentionMask.Padding(masks[1])), layer);
            },
            new("query", Batch, Length, Width), new("key", Batch, MemoryLength, KeyWidth) { Padded = true }, new("value", Batch, MemoryLength, ValueWidth) { Padded = true });
    }

    private static LayerCase SelfAttends(string variant, AttentionOptions options, PositionScheme scheme, AttentionMask? mask = null) =>
        new(typeof(MultiHeadAttention), variant, () => Attend(options, Scheme(scheme), mask), _sequence with { Name = "query" }) { RealOutputs = length => length };

    /// <summary>A scheme does its work inside a layer, whose checks are its own.</summary>
    private static LayerCase Positions(PositionScheme scheme) =>
        new(TypeOf(() => Scheme(scheme)), "", () => Attend(_attention, Scheme(scheme), null), _sequence with { Name = scheme is PositionScheme.Sinusoidal or PositionScheme.Learned ? "embeddings" : "query" })
        { RealOutputs = length => length };

    private static LayerCase Grid() =>
        new(typeof(GridPositions), "", () => Attend(_attention, new GridPositions(rows: 1, columns: Length, Width), null), _sequence with { Name = "embeddings", Padded = false });

    private static PositionEncoding Scheme(PositionScheme scheme) => PositionEncoding.Create(new SequenceModelOptions { ModelWidth = Width, Heads = Heads, MaxLength = Length, Positions = scheme, PositionDetails = _positionDetails });

    private static RunningLayer Attend(AttentionOptions options, PositionEncoding positions, AttentionMask? mask)
    {
        var layer = new MultiHeadAttention(options, positions);
        return new(
            (inputs, masks) =>
            {
                using var scope = NewDisposeScope();
                var x = positions.AddToEmbeddings(inputs[0]);
                return layer.call(x, x, x, AttentionMask.Combine(AttentionMask.Padding(masks[0]), mask)).MoveToOuterDisposeScope();
            },
            positions.PerLayer ? [layer] : [layer, positions]);
    }

    private static IEnumerable<LayerCase> EncoderLayers() =>
        from norm in Enum.GetValues<NormPlacement>()
        from activation in Enum.GetValues<ActivationKind>()
        select new LayerCase(typeof(EncoderLayer), $"{norm}, {activation}",
            () =>
            {
                var layer = new EncoderLayer(_model with { Norm = norm, Activation = activation }, Scheme(PositionScheme.ShawRelative));
                return new((inputs, masks) => layer.call(inputs[0], AttentionMask.Padding(masks[0])), layer);
            },
            _sequence) { RealOutputs = length => length };

    private static IEnumerable<LayerCase> Decoders() =>
        from norm in Enum.GetValues<NormPlacement>()
        from causal in new[] { true, false }
        select new LayerCase(typeof(DecoderLayer), $"{norm}, {(causal ? "causal" : "both directions")}",
            () =>
            {
                var layer = new DecoderLayer(_model with { Norm = norm }, Scheme(PositionScheme.Rotary), causal);
                return new((inputs, masks) => layer.call(inputs[0], inputs[1], AttentionMask.Padding(masks[0]), AttentionMask.Padding(masks[1])), layer);
            },
            _sequence, _memory) { RealOutputs = length => length };

    private static IEnumerable<LayerCase> DecoderStacks() => Enum.GetValues<NormPlacement>().Select(norm => new LayerCase(typeof(AttentionDecoder), $"{norm}",
        () =>
        {
            var decoder = new AttentionDecoder(_model with { Norm = norm }, () => Scheme(PositionScheme.Rotary));
            return new((inputs, masks) => decoder.call(inputs[0], inputs[1], AttentionMask.Padding(masks[1])), decoder);
        },
        _sequence, _memory) { RealOutputs = length => length });

    private static IEnumerable<LayerCase> Encoders()
    {
        foreach (var kind in Enum.GetValues<EncoderKind>()) yield return Encoder("", _model with { Encoder = kind });
        foreach (var kind in new[] { EncoderKind.Lstm, EncoderKind.Gru }) yield return Encoder("one direction", _model with { Encoder = kind, Mask = MaskKind.Causal });
        yield return Encoder("one convolution, relu", _model with { Encoder = EncoderKind.Cnn, Layers = 1, Activation = ActivationKind.Relu });
        yield return Encoder("post-norm, relu", _model with { Norm = NormPlacement.Post, Activation = ActivationKind.Relu });
        foreach (var mask in Enum.GetValues<MaskKind>().Skip(1)) yield return Encoder($"{mask}", _model with { Mask = mask });
        yield return Encoder("checkpointed", _model with { GradientCheckpointing = true });
    }

    private static LayerCase Encoder(string variant, SequenceModelOptions options) =>
        new(TypeOf(() => SequenceEncoder.Create(options)), variant,
            () =>
            {
                var encoder = SequenceEncoder.Create(options);
                return new(
                    (inputs, masks) =>
                    {
                        encoder.train(options.GradientCheckpointing);
                        return encoder.call(inputs[0], masks[0]);
                    },
                    encoder);
            },
            _sequence) { RealOutputs = length => length };

    private static LayerCase Pooling(PoolingKind kind) =>
        new(TypeOf(() => SequencePooling.Create(kind, Width)), "",
            () =>
            {
                var pooling = SequencePooling.Create(kind, Width);
                return new((inputs, masks) => pooling.call(inputs[0], masks[0]), pooling);
            },
            _sequence with { AnyWidth = kind != PoolingKind.Attention });

    private static LayerCase Head() => new(typeof(HiddenLayerHead), "",
        () =>
        {
            var head = new HiddenLayerHead(HeadKind.Tanh, Width, Hidden);
            return new((inputs, _) => head.call(inputs[0]), head);
        },
        new LayerInput("pooled", Batch, Width));

    /// <summary>Over one embedding, which no row of a batch has to itself.</summary>
    private static LayerCase TiedHead(HeadKind kind) => new(typeof(TiedHead), $"{kind}",
        () =>
        {
            var head = new TiedHead(_model with { Task = TaskKind.MaskedTokens, Head = kind, ModelWidth = Width }, Hidden);
            var embedding = LayerChecks.Numbers(seed: 4, Hidden + 2, Width);
            return new((inputs, _) => head.call(inputs[0], inputs[0].dtype == embedding.dtype ? embedding : embedding.to(inputs[0].dtype)), head);
        },
        new LayerInput("x", Batch, Length, Width));

    /// <summary>The classifier with each choice of its options.</summary>
    private static IEnumerable<LayerCase> Classifiers() => ((IEnumerable<(string Variant, SequenceModelOptions Options)>)
    [
        .. Enum.GetValues<PositionScheme>().Select(scheme => ($"positions {scheme}", _model with { Positions = scheme })),
        .. Enum.GetValues<PoolingKind>().Select(pooling => ($"pooling {pooling}", _model with { Pooling = pooling })),
        .. Enum.GetValues<EncoderKind>().Select(encoder => ($"encoder {encoder}", _model with { Encoder = encoder })),
        .. Enum.GetValues<MaskKind>().Select(mask => ($"mask {mask}", _model with { Mask = mask })),
        .. Enum.GetValues<ScoreFunction>().Select(score => ($"score {score}", _model with { Score = score })),
        .. Enum.GetValues<AttentionAlgorithm>().Select(algorithm => ($"algorithm {algorithm}", _model with { Algorithm = algorithm })),
        ("checkpointed", _model with { GradientCheckpointing = true }),
        ("post-norm", _model with { Norm = NormPlacement.Post }),
        ("BERT", _bert),
        ("BERT of pairs", _bert with { TokenTypes = 3, SeparatorKey = 2 }),
        ("RoBERTa", _bert with { Positions = PositionScheme.Learned, PositionDetails = _model.PositionDetails with { LearnedOffset = 2 }, Head = HeadKind.Tanh }),
        ("DistilBERT", _bert with { TokenTypes = 0, Head = HeadKind.Relu }),
        ("masked tokens", _bert with { Task = TaskKind.MaskedTokens, Head = HeadKind.TiedTransform }),
        ("next token", _model with { Task = TaskKind.NextToken, Head = HeadKind.Tied, Mask = MaskKind.Causal }),
    ]).Select(choice => new LayerCase(typeof(SequenceClassifier), choice.Variant,
        () =>
        {
            var classifier = new SequenceClassifier(choice.Options, Tokens, classCount: choice.Options.Head.IsTied ? Tokens - 2 : Hidden);
            return new((inputs, masks) => classifier.call(inputs[0], masks[0]), classifier);
        },
        new LayerInput("tokens", Batch, Length) { Padded = true, Tokens = Tokens }) { RealOutputs = choice.Options.Task.IsPerToken ? length => length : null });

    /// <summary>Each position scheme in both halves, and encoders without attention; the target, whose output it is, comes first.</summary>
    private static IEnumerable<LayerCase> SequencesToSequences() => ((IEnumerable<(string Variant, SequenceModelOptions Encoder)>)
    [
        .. Enum.GetValues<PositionScheme>().Select(scheme => ($"positions {scheme}", _model with { Positions = scheme, MaxLength = MemoryLength })),
        ("post-norm", _model with { Norm = NormPlacement.Post }),
        ("of a GRU", _model with { Encoder = EncoderKind.Gru }),
    ]).Select(choice => new LayerCase(typeof(SequenceToSequence), choice.Variant,
        () =>
        {
            var model = new SequenceToSequence(choice.Encoder, choice.Encoder with { Encoder = EncoderKind.Attention, Layers = 1 }, Tokens - 2, Hidden);
            return new((inputs, masks) => model.call(inputs[1], masks[1], inputs[0]), model);
        },
        new LayerInput("target", Batch, Length) { Padded = true, Tokens = Hidden + 3 }, new LayerInput("source", Batch, MemoryLength) { Padded = true, Tokens = Tokens }) { RealOutputs = length => length });

    private static IEnumerable<LayerCase> Embeddings() =>
    [
        new(typeof(LearnedQueries), "",
            () =>
            {
                var queries = new LearnedQueries(KeyWidth, Width);
                return new((inputs, _) => queries.call(inputs[0]), queries);
            },
            new LayerInput("like", Batch, Length) { Tokens = Tokens, ReadsBatchAlone = true }),
        .. Enum.GetValues<NormPlacement>().Select(norm => new LayerCase(typeof(ObjectQueryDecoder), $"{norm}",
            () =>
            {
                var decoder = new ObjectQueryDecoder(_model with { Norm = norm }, queries: KeyWidth);
                return new((inputs, _) => decoder.call(inputs[0]), decoder);
            },
            _memory with { Padded = false })),
        new(typeof(DetectionHead), "",
            () =>
            {
                var head = new DetectionHead(Width, classes: Hidden);
                return new(
                    (inputs, _) =>
                    {
                        using var scope = NewDisposeScope();
                        var found = head.call(inputs[0]);
                        return cat([found.Logits, found.Boxes], 2).MoveToOuterDisposeScope();
                    },
                    head);
            },
            _sequence with { Name = "decoded", Padded = false }),
        new(typeof(EmbedPatches), "",
            () =>
            {
                var embed = new EmbedPatches(channels: 3, patchSize: 2, modelWidth: 11);
                return new((inputs, _) => embed.call(inputs[0]), embed);
            },
            new LayerInput("images", Batch, 3, 4, 14)),
        new(typeof(EmbedFrames), "",
            () =>
            {
                var embed = new EmbedFrames(features: 2, modelWidth: 13, stack: 3, stride: 2);
                return new((inputs, _) => embed.call(inputs[0]), embed);
            },
            new LayerInput("frames", Batch, MemoryLength, 2) { Padded = true }) { RealOutputs = frames => frames < 3 ? 0 : (frames - 3) / 2 + 1 },
    ];

    private static Type TypeOf(Func<nn.Module> create)
    {
        using var module = create();
        return module.GetType();
    }
}
