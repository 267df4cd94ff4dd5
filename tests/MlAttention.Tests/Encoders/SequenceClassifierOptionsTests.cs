using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>Each option changes the logits; how exact attention is computed does not.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class SequenceClassifierOptionsTests
{
    private const int Rows = 11, Classes = 3;

    private static readonly SequenceModelOptions _options = new()
    {
        ModelWidth = 6, Heads = 3, Layers = 2, FeedForwardWidth = 7, MaxLength = 13, WindowRadius = 1, Dropout = 0,
        PositionDetails = new() { ClipDistance = 2, Buckets = 8, MaxDistance = 10 },
    };

    public static TheoryData<string> Changes => [.. _changes.Keys];

    private static readonly Dictionary<string, SequenceModelOptions> _changes = new()
    {
        ["Positions"] = _options with { Positions = PositionScheme.Alibi },
        ["SinusoidalBase"] = _options with { PositionDetails = _options.PositionDetails with { SinusoidalBase = 10 } },
        ["Encoder"] = _options with { Encoder = EncoderKind.BagOfEmbeddings },
        ["Heads"] = _options with { Heads = 2 },
        ["Layers"] = _options with { Layers = 1 },
        ["Mask"] = _options with { Mask = MaskKind.Causal },
        ["WindowRadius"] = _options with { Mask = MaskKind.LocalWindow, WindowRadius = 0 },
        ["Score"] = _options with { Score = ScoreFunction.Cosine },
        ["Temperature"] = _options with { Temperature = 0.1 },
        ["Algorithm"] = _options with { Algorithm = AttentionAlgorithm.Linear },
        ["Norm"] = _options with { Norm = NormPlacement.Post },
        ["LayerNormEpsilon"] = _options with { LayerNormEpsilon = 1 },
        ["Activation"] = _options with { Activation = ActivationKind.Relu },
        ["Pooling"] = _options with { Pooling = PoolingKind.Max },
        ["ScaleEmbeddings"] = _options with { ScaleEmbeddings = false },
        ["EmbeddingNorm"] = _options with { EmbeddingNorm = true },
        ["TokenTypes"] = _options with { TokenTypes = 1 },
        ["Head"] = _options with { Head = HeadKind.Tanh },
        ["Head Relu"] = _options with { Head = HeadKind.Relu },
        ["First"] = _options with { Pooling = PoolingKind.First },
        ["LearnedOffset"] = _options with { Positions = PositionScheme.Learned, PositionDetails = new() { LearnedOffset = 2 } },
        ["Dropout"] = _options with { Dropout = 0.5 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Forward_OptionChanged_ChangesTheLogits(string option)
    {
        using var scope = NewDisposeScope();
        using var before = new SequenceClassifier(_options, Rows, Classes).WithNumbers();
        using var after = new SequenceClassifier(_changes[option], Rows, Classes).WithNumbers();

        double difference = Logits(before).Zip(Logits(after), (a, b) => Math.Abs(a - b)).Max();

        Assert.True(difference > 1e-4, $"{option} changes the logits by {difference} only");
    }

    public static TheoryData<string> ChangesOfAnAlgorithm => [.. _changesOfAnAlgorithm.Keys];

    private static readonly SequenceModelOptions _performer = _options with { Algorithm = AttentionAlgorithm.Performer, RandomFeatures = 8 };
    private static readonly SequenceModelOptions _additive = _options with { Score = ScoreFunction.Additive };
    private static readonly SequenceModelOptions _chunked = _options with { Algorithm = AttentionAlgorithm.Chunked, Dropout = 0.5, BlockSize = 2 };

    private static readonly Dictionary<string, (SequenceModelOptions Before, SequenceModelOptions After)> _changesOfAnAlgorithm = new()
    {
        ["AdditiveWidth"] = (_additive, _additive with { AdditiveWidth = 5 }),
        ["BlockSize"] = (_chunked, _chunked with { BlockSize = 3 }),
        ["RandomFeatures"] = (_performer, _performer with { RandomFeatures = 9 }),
        ["OrthogonalFeatures"] = (_performer, _performer with { OrthogonalFeatures = false }),
        ["RandomSeed"] = (_performer, _performer with { RandomSeed = 2 }),
    };

    /// <summary>The block size shows in what chunked attention drops: each block draws for itself.</summary>
    [Theory]
    [MemberData(nameof(ChangesOfAnAlgorithm))]
    public void Forward_SettingOfTheAlgorithmChanged_ChangesTheLogits(string option)
    {
        using var scope = NewDisposeScope();
        var (options, changed) = _changesOfAnAlgorithm[option];
        using var before = new SequenceClassifier(options, Rows, Classes).WithNumbers();
        using var same = new SequenceClassifier(options, Rows, Classes).WithNumbers();
        using var after = new SequenceClassifier(changed, Rows, Classes).WithNumbers();

        Assert.Equal(Train(before), Train(same));
        Assert.NotEqual(Train(before), Train(after));

        static double[] Train(SequenceClassifier classifier)
        {
            classifier.train();
            using var generator = manual_seed(1);
            return Logits(classifier);
        }
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Chunked, MaskKind.Bidirectional)]
    [InlineData(AttentionAlgorithm.Chunked, MaskKind.Causal)]
    [InlineData(AttentionAlgorithm.LocalWindow, MaskKind.LocalWindow)]
    [InlineData(AttentionAlgorithm.LocalWindow, MaskKind.CausalLocalWindow)]
    public void Forward_ExactAlgorithm_GivesTheSameLogits(AttentionAlgorithm algorithm, MaskKind mask)
    {
        using var scope = NewDisposeScope();
        var options = _options with { Mask = mask };
        using var full = new SequenceClassifier(options, Rows, Classes).WithNumbers();
        using var other = new SequenceClassifier(options with { Algorithm = algorithm }, Rows, Classes).WithNumbers();
        Assert.Equal(Logits(full), Logits(other), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Forward_DropoutOfAttentionWithoutWeights_ActsInTrainingAlone(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var attention = new MultiHeadAttention((_options with { Algorithm = algorithm, Dropout = 0.5 }).Attention);
        var x = LayerChecks.Numbers(1, 2, 5, 6);
        Assert.NotEqual(attention.call(x, x, x, null).ToDoubles(), attention.call(x, x, x, null).ToDoubles());
        attention.eval();
        Assert.Equal(attention.call(x, x, x, null).ToDoubles(), attention.call(x, x, x, null).ToDoubles());
    }

    private static Tensor Tokens() => tensor(new long[,] { { 1, 2, 3, 4 }, { 5, 6, 0, 0 } });

    private static double[] Logits(SequenceClassifier classifier)
    {
        using var scope = NewDisposeScope();
        return classifier.call(Tokens(), LayerChecks.Mask(4, 4, 2)).ToDoubles();
    }
}
