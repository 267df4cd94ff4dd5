using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The causal mask, and the weights, with every algorithm and position scheme. Sizes: batch 3, length 7, heads 3, width 24.</summary>
public sealed class MultiHeadAttentionVariantTests
{
    public static TheoryData<AttentionAlgorithm, PositionScheme> VariantsWithWeights { get; } = VariantsOf(AttentionAlgorithm.Full, AttentionAlgorithm.Chunked, AttentionAlgorithm.LocalWindow);

    /// <summary>All but Performer: its keys share one scaling constant, so that later tokens reach earlier ones by the rounding of exp.</summary>
    public static TheoryData<AttentionAlgorithm, PositionScheme> CausalVariants { get; } = VariantsOf([.. Enum.GetValues<AttentionAlgorithm>().Except([AttentionAlgorithm.Performer])]);

    [Theory]
    [MemberData(nameof(CausalVariants))]
    public void Attend_LaterTokensChangeUnderCausalMask_EarlierOutputsStay(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(algorithm, scheme);
        var x = Sequence(7, 24, 1);
        var changed = cat([x.narrow(1, 0, 4), Sequence(3, 24, 2)], 1);
        Tensor Early(Tensor sequence) => layer.call(sequence, sequence, sequence, AttentionMask.Causal()).narrow(1, 0, 4);
        TensorAssert.Close(Early(x), Early(changed));
    }

    [Theory]
    [MemberData(nameof(VariantsWithWeights))]
    public void Attend_WithWeights_LeavesNoTensorButThem(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        using var layer = Layer(algorithm, scheme);
        using var x = Sequence(7, 24, 1);
        using var scope = NewDisposeScope();

        var (_, weights) = layer.Attend(x, x, x, AttentionMask.Padding([7, 3, 1], 7), returnWeights: true);

        Assert.Equal([3, 3, 7, 7], weights!.shape);
        Assert.Equal(2, scope.DisposablesCount);
    }

    /// <summary>Each algorithm with the schemes that it takes.</summary>
    private static TheoryData<AttentionAlgorithm, PositionScheme> VariantsOf(params AttentionAlgorithm[] algorithms)
    {
        var variants = new TheoryData<AttentionAlgorithm, PositionScheme>();
        foreach (var algorithm in algorithms)
        {
            var formsScores = algorithm is not (AttentionAlgorithm.Linear or AttentionAlgorithm.Performer);
            foreach (var scheme in formsScores ? Enum.GetValues<PositionScheme>() : [PositionScheme.None, PositionScheme.Rotary]) variants.Add(algorithm, scheme);
        }
        return variants;
    }

    private static Tensor Sequence(int length, int width, int seed) => GradientCheck.Random([3, length, width], seed, ScalarType.Float32);

    /// <summary>A layer of width 24 with 3 heads; the window is as wide as the longest text.</summary>
    private static MultiHeadAttention Layer(AttentionAlgorithm algorithm, PositionScheme scheme)
    {
        var positions = PositionEncoding.Create(new SequenceModelOptions { ModelWidth = 24, Heads = 3, MaxLength = 7, Positions = scheme, PositionDetails = new() { ClipDistance = 3, Buckets = 8, MaxDistance = 6 } });
        return new MultiHeadAttention(new AttentionOptions { ModelWidth = 24, Heads = 3, Algorithm = algorithm, BlockSize = 3, WindowRadius = 7, RandomFeatures = 32 }, positions);
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Full)]
    [InlineData(AttentionAlgorithm.Chunked)]
    public void Attend_ScoreOfOnesOwn_IsUsedAndTrained(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        var options = new AttentionOptions { ModelWidth = 12, Heads = 2, Algorithm = algorithm, BlockSize = 2 };
        using var layer = new MultiHeadAttention(options, new SharpenedScore());
        using var plain = new MultiHeadAttention(options with { Score = ScoreFunction.Dot, Temperature = 0.5 });
        GoldenLayer.SetParameters(plain, layer.named_parameters().Where(entry => entry.Item1 != "score.factor").ToDictionary(entry => entry.Item1, entry => (Tensor)entry.Item2));
        var x = GradientCheck.Random([2, 5, 12], 1, ScalarType.Float32);

        var output = layer.call(x, x, x, AttentionMask.Causal());
        output.square().sum().backward();

        TensorAssert.Close(plain.call(x, x, x, AttentionMask.Causal()), output);
        Assert.NotEqual(0, layer.get_parameter("score.factor")!.grad!.item<float>());
    }

    [Fact]
    public void Create_LinearAttentionWithAScoreOfOnesOwn_IsRefusedWhereItIsUsed()
    {
        using var scope = NewDisposeScope();
        using var layer = new MultiHeadAttention(new AttentionOptions { ModelWidth = 12, Heads = 2, Algorithm = AttentionAlgorithm.Linear }, new SharpenedScore());
        var x = GradientCheck.Random([2, 5, 12], 1, ScalarType.Float32);
        Assert.Contains("Linear attention has its own score", Assert.Throws<ArgumentException>(() => layer.call(x, x, x, null)).Message, StringComparison.Ordinal);
    }

    /// <summary>factor q·k, with a trained factor that starts at 2.</summary>
    private sealed class SharpenedScore : AttentionScore
    {
        private readonly TorchSharp.Modules.Parameter _factor = nn.Parameter(tensor(2f));

        public SharpenedScore() : base(nameof(SharpenedScore)) => register_parameter("factor", _factor);

        protected override Tensor Score(Tensor query, Tensor key) => _factor * query.matmul(key.transpose(-2, -1));
    }
}
