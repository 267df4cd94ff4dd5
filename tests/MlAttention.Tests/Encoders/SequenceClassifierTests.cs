using MlAttention.Core.Weights;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class SequenceClassifierTests
{
    private const int Rows = 11, Classes = 3;

    private static readonly SequenceModelOptions _options = new()
    {
        ModelWidth = 6, Heads = 3, Layers = 2, FeedForwardWidth = 7, MaxLength = 13, WindowRadius = 1, Dropout = 0,
        PositionDetails = new() { ClipDistance = 2, Buckets = 8, MaxDistance = 10 },
    };

    private static readonly SequenceModelOptions _bert = _options with
    {
        Norm = NormPlacement.Post, Positions = PositionScheme.Learned, ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2,
    };

    private static readonly Dictionary<string, SequenceModelOptions> _variants = new(
        Enum.GetValues<PositionScheme>().Select(scheme => KeyValuePair.Create($"positions {scheme}", _options with { Positions = scheme }))
        .Concat(Enum.GetValues<PoolingKind>().Select(pooling => KeyValuePair.Create($"pooling {pooling}", _options with { Pooling = pooling })))
        .Concat(Enum.GetValues<EncoderKind>().Select(encoder => KeyValuePair.Create($"encoder {encoder}", _options with { Encoder = encoder })))
        .Concat(Enum.GetValues<MaskKind>().Select(mask => KeyValuePair.Create($"mask {mask}", _options with { Mask = mask })))
        .Concat(Enum.GetValues<ScoreFunction>().Select(score => KeyValuePair.Create($"score {score}", _options with { Score = score })))
        .Concat(Enum.GetValues<AttentionAlgorithm>().Select(algorithm => KeyValuePair.Create($"algorithm {algorithm}", _options with { Algorithm = algorithm })))
        .Append(KeyValuePair.Create("score Additive of another width", _options with { Score = ScoreFunction.Additive, AdditiveWidth = 5 }))
        .Append(KeyValuePair.Create("checkpointed", _options with { GradientCheckpointing = true }))
        .Append(KeyValuePair.Create("post-norm", _options with { Norm = NormPlacement.Post }))
        .Append(KeyValuePair.Create("BERT", _bert))
        .Append(KeyValuePair.Create("RoBERTa", _bert with { TokenTypes = 1, Head = HeadKind.Tanh, Pooling = PoolingKind.First, PositionDetails = new() { LearnedOffset = 2, LearnedRows = 20 } }))
        .Append(KeyValuePair.Create("DistilBERT", _bert with { TokenTypes = 0, Head = HeadKind.Relu, Pooling = PoolingKind.First, Activation = ActivationKind.GeluTanh })));

    public static TheoryData<string> Variants => [.. _variants.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_EmptyText_GivesTheBiasOfTheHead(string variant)
    {
        using var scope = NewDisposeScope();
        using var classifier = Create(variant);
        Tensor expected = classifier.get_parameter("head.bias")!;
        if (_variants[variant].Head is not HeadKind.Linear and var head)
        {
            var hidden = classifier.get_parameter("head.dense.bias")!;
            expected = classifier.get_parameter("head.weight")!.matmul(head == HeadKind.Tanh ? hidden.tanh() : hidden.relu()) + expected;
        }
        LayerChecks.AssertClose(expected, classifier.call(Tokens(), LayerChecks.Mask(4, 4, 0))[1], _variants[variant].Head == HeadKind.Linear ? 0 : 1e-6);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Parameters_AreThoseOfTheLayout(string variant)
    {
        var options = _variants[variant];
        using var classifier = new SequenceClassifier(options, Rows, Classes);

        Assert.Equal(
            WeightLayout.Of(options, Rows, Classes).Select(weight => Describe(weight.Name, weight.Shape)).Order(StringComparer.Ordinal),
            ModuleWeights.Get(classifier).Select(weight => Describe(weight.Name, weight.Shape)).Order(StringComparer.Ordinal));

        static string Describe(string name, int[] shape) => $"{name} [{string.Join(',', shape)}]";
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_ReachesEveryParameter(string variant)
    {
        using var scope = NewDisposeScope();
        using var classifier = Create(variant);

        classifier.call(Tokens(), LayerChecks.Mask(4, 4, 2)).pow(2).sum().backward();

        foreach (var (name, parameter) in classifier.named_parameters()) Assert.True(parameter.grad is not null, $"{name} has no gradient");
        Assert.Equal(0, classifier.get_parameter("embedding.weight")!.grad![0].abs().sum().item<float>());
    }

    [Fact]
    [HandSolved(typeof(SequenceClassifier), typeof(BagOfEmbeddingsEncoder))]
    public void Forward_BagOfEmbeddings_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var classifier = new SequenceClassifier(new() { ModelWidth = 4, Heads = 1, Encoder = EncoderKind.BagOfEmbeddings, Positions = PositionScheme.None }, 3, 2);
        ModuleWeights.Set(classifier,
        [
            new("embedding.weight", [3, 4], [0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0, 0]),
            new("head.weight", [2, 4], [1, 0, 0, 0, 0, 0, 0, 1]), new("head.bias", [2], [0.5f, -1]),
        ]);
        classifier.eval();

        // sqrt(4) * mean([1,0,0,2], [3,0,0,0]) = [4,0,0,2]
        var logits = classifier.call(tensor(new long[,] { { 1, 2, 0 } }), LayerChecks.Mask(3, 2));

        LayerChecks.AssertClose([4.5, 1], logits);
    }

    [Fact]
    public void Encode_Head_GivesTheLogits()
    {
        using var scope = NewDisposeScope();
        using var classifier = Create("positions Sinusoidal");
        var (tokens, mask) = (Tokens(), LayerChecks.Mask(4, 4, 2));

        var pooled = classifier.Encode(tokens, mask);

        Assert.Equal([2L, 6], pooled.shape);
        LayerChecks.AssertClose(classifier.call(tokens, mask), pooled.matmul(classifier.get_parameter("head.weight")!.t()) + classifier.get_parameter("head.bias")!);
    }

    [Fact]
    public void AttentionWeights_OfEachLayerAndHead_SumToOneOverRealTokens()
    {
        using var scope = NewDisposeScope();
        using var classifier = Create("mask Causal");

        var weights = classifier.AttentionWeights(Tokens(), LayerChecks.Mask(4, 4, 2));

        Assert.Equal(2, weights.Count);
        foreach (var layer in weights)
        {
            Assert.Equal([2L, 3, 4, 4], layer.shape);
            LayerChecks.AssertClose(ones(2, 3, 4), layer.sum(3));
            Assert.Equal(0, layer.triu(1).abs().sum().item<float>());
            Assert.Equal(0, layer[1].narrow(2, 2, 2).abs().sum().item<float>());
        }
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    public void AttentionWeights_OfExactAlgorithms_AreThoseOfFullAttention(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        var options = _options with { Mask = MaskKind.LocalWindow };
        using var full = new SequenceClassifier(options, Rows, Classes).WithNumbers();
        using var exact = new SequenceClassifier(options with { Algorithm = algorithm }, Rows, Classes).WithNumbers();
        var mask = LayerChecks.Mask(4, 4, 2);
        foreach (var (expected, actual) in full.AttentionWeights(Tokens(), mask).Zip(exact.AttentionWeights(Tokens(), mask))) LayerChecks.AssertClose(expected, actual);
    }

    [Fact]
    public void AttentionWeights_WithoutAttention_SaysSo()
    {
        using var scope = NewDisposeScope();
        using var classifier = Create("encoder Lstm");
        Assert.Contains("LstmEncoder", Assert.Throws<InvalidOperationException>(() => classifier.AttentionWeights(Tokens(), LayerChecks.Mask(4, 4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AttentionWeights_LeaveNoTensorsButThemselves()
    {
        using var classifier = Create("positions Sinusoidal");
        using var tokens = Tokens();
        using var mask = LayerChecks.Mask(4, 4, 2);
        using var scope = NewDisposeScope();

        var weights = classifier.AttentionWeights(tokens, mask);

        Assert.Equal(weights.Count, scope.DisposablesCount);
    }

    [Fact]
    public void Forward_OwnPositions_AreUsedInTheModelOrInEachLayer()
    {
        using var scope = NewDisposeScope();
        int made = 0;
        using var shared = new SequenceClassifier(_options, Rows, Classes, shape => { made++; return new LearnedPositions(shape.MaxLength, shape.ModelWidth); });
        Assert.Equal(1, made);
        using var perLayer = new SequenceClassifier(_options, Rows, Classes, shape => { made++; return new ShawRelativePositions(shape.HeadWidth, 1); });
        Assert.Equal(1 + _options.Layers, made);

        Assert.True(shared.has_parameter("positions.weight"));
        Assert.True(perLayer.has_parameter("encoder.layers.1.self_attn.positions.key"));
    }

    [Fact]
    public void Forward_SharedPositions_AreOneParameterForAllLayers()
    {
        using var classifier = new SequenceClassifier(_options with { Positions = PositionScheme.RelativeBias }, Rows, Classes);
        Assert.Equal(["positions.bias"], classifier.named_parameters().Select(entry => entry.Item1).Where(name => name.Contains("positions", StringComparison.Ordinal)));
    }

    [Fact]
    public void Create_Embedding_HasAZeroRowForPaddingAndUnitVarianceAfterScaling()
    {
        using var scope = NewDisposeScope();
        using var classifier = new SequenceClassifier(_options with { ModelWidth = 48 }, 301, Classes);
        var rows = classifier.get_parameter("embedding.weight")!;

        Assert.Equal(0, rows[0].abs().sum().item<float>());
        double deviation = rows.narrow(0, 1, 300).std().item<float>() * Math.Sqrt(48);
        Assert.InRange(deviation, 0.97, 1.03);
    }

    [Fact]
    public void Forward_BadInput_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var classifier = Create("positions Learned");
        Assert.Contains("tokens must be int64 of shape [B,L]; got Float32 [2,4]", LayerChecks.Error(() => classifier.call(zeros(2, 4), LayerChecks.Mask(4, 4, 4))), StringComparison.Ordinal);
        Assert.Contains("mask must be boolean of shape [B,L]=[2,4]; got Bool [2,5]", LayerChecks.Error(() => classifier.call(Tokens(), LayerChecks.Mask(5, 4, 4))), StringComparison.Ordinal);
        Assert.Contains("13", LayerChecks.Error(() => classifier.call(zeros(1, 14, ScalarType.Int64), LayerChecks.Mask(14, 14))), StringComparison.Ordinal);
        Assert.Contains("Heads = 0", LayerChecks.Error(() => new SequenceClassifier(_options with { Heads = 0 }, Rows, Classes)), StringComparison.Ordinal);
        Assert.Contains("tokens must be from 0 to 10; got 11. The embedding has 11 rows", LayerChecks.Error(() => classifier.call(Tokens() + 5, LayerChecks.Mask(4, 4, 4))), StringComparison.Ordinal);
        Assert.Contains("tokens must be from 0 to 10; got -1.", LayerChecks.Error(() => classifier.call(Tokens() - 1, LayerChecks.Mask(4, 4, 4))), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceClassifier(_options, 0, Classes));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceClassifier(_options, Rows, -1));
    }

    [Fact]
    public void Create_NoClasses_GivesAnEncoderWithoutAHead()
    {
        using var scope = NewDisposeScope();
        using var classifier = new SequenceClassifier(_bert with { Head = HeadKind.Tanh }, Rows, 0).WithNumbers();
        classifier.eval();

        Assert.DoesNotContain(classifier.named_parameters(), parameter => parameter.name.StartsWith("head", StringComparison.Ordinal));
        Assert.Equal([2L, 6], classifier.Encode(Tokens(), LayerChecks.Mask(4, 4, 2)).shape);
        Assert.StartsWith("This SequenceClassifier was made for 0 classes", Assert.Throws<InvalidOperationException>(() => classifier.call(Tokens(), LayerChecks.Mask(4, 4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    [HandSolved(typeof(SequenceClassifier), typeof(HiddenLayerHead))]
    public void Forward_BertsEmbeddingsAndHead_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var classifier = new SequenceClassifier(new()
        {
            ModelWidth = 2, Heads = 1, Encoder = EncoderKind.BagOfEmbeddings, Positions = PositionScheme.Learned, MaxLength = 2, PositionDetails = new() { LearnedOffset = 1, LearnedRows = 4 },
            ScaleEmbeddings = false, TokenTypes = 2, EmbeddingNorm = true, LayerNormEpsilon = 1e-12, Pooling = PoolingKind.First, Head = HeadKind.Relu, Dropout = 0,
        }, 3, 2);
        ModuleWeights.Set(classifier,
        [
            new("embedding.weight", [3, 2], [0, 0, 1, 0, 7, 7]), new("positions.weight", [4, 2], [9, 9, 0, 2, 9, 9, 9, 9]), new("token_types.weight", [2, 2], [3, 0, 9, 9]),
            new("embedding_norm.weight", [2], [2, 1]), new("embedding_norm.bias", [2], [0, 1]),
            new("head.dense.weight", [2, 2], [1, 0, 0, -1]), new("head.dense.bias", [2], [-1, 1]),
            new("head.weight", [2, 2], [10, 1, 0, 1]), new("head.bias", [2], [0.5f, -1]),
        ]);
        classifier.eval();

        // [1,0] + position [0,2] + type [3,0] = [4,2], normed [1,-1] -> [2,0]; hidden relu([1,1]) = [1,1]; logits [11.5, 0]
        LayerChecks.AssertClose([11.5, 0], classifier.call(tensor(new long[,] { { 1, 2 } }), LayerChecks.Mask(2, 2)));
        LayerChecks.AssertClose([2, 0], classifier.EncodeTokens(tensor(new long[,] { { 1, 2 } }), LayerChecks.Mask(2, 1))[0, 0]);
        LayerChecks.AssertClose([0, 0], classifier.EncodeTokens(tensor(new long[,] { { 1, 2 } }), LayerChecks.Mask(2, 1))[0, 1]);
    }

    [Fact]
    public void EncodeTokens_Pairs_AddTheTypeOfEachPart()
    {
        using var scope = NewDisposeScope();
        var options = new SequenceModelOptions
        {
            ModelWidth = 2, Heads = 1, Encoder = EncoderKind.BagOfEmbeddings, Positions = PositionScheme.None, ScaleEmbeddings = false, TokenTypes = 2, SeparatorKey = 3, Dropout = 0,
        };
        SequenceClassifier classifier = Classifier(options), shared = Classifier(options with { SharedTokenType = true });

        // up to the first separator, 3, type 0; from then on the last type, 1, whatever comes
        LayerChecks.AssertClose([1, 10, 3, 10, 2, 20, 3, 20, 1, 20], classifier.EncodeTokens(tensor(new long[,] { { 1, 3, 2, 3, 1 } }), LayerChecks.Mask(5, 5)).reshape(-1));
        LayerChecks.AssertClose([1, 10, 2, 10], classifier.EncodeTokens(tensor(new long[,] { { 1, 2 } }), LayerChecks.Mask(2, 2)).reshape(-1));
        LayerChecks.AssertClose([1, 10, 3, 10, 2, 10], shared.EncodeTokens(tensor(new long[,] { { 1, 3, 2 } }), LayerChecks.Mask(3, 3)).reshape(-1));
        classifier.Dispose();
        shared.Dispose();

        static SequenceClassifier Classifier(SequenceModelOptions options)
        {
            var classifier = new SequenceClassifier(options, 4, 2);
            ModuleWeights.Set(classifier,
            [
                new("embedding.weight", [4, 2], [0, 0, 1, 0, 2, 0, 3, 0]), new("token_types.weight", [2, 2], [0, 10, 0, 20]), new("head.weight", [2, 2], [1, 0, 0, 1]), new("head.bias", [2], [0, 0]),
            ]);
            classifier.eval();
            return classifier;
        }
    }

    private static SequenceClassifier Create(string variant)
    {
        var classifier = new SequenceClassifier(_variants[variant], Rows, Classes).WithNumbers();
        classifier.eval();
        return classifier;
    }

    private static Tensor Tokens() => tensor(new long[,] { { 1, 2, 3, 4 }, { 5, 6, 0, 0 } });

    private static double[] Logits(SequenceClassifier classifier)
    {
        using var scope = NewDisposeScope();
        return classifier.call(Tokens(), LayerChecks.Mask(4, 4, 2)).ToDoubles();
    }
}
