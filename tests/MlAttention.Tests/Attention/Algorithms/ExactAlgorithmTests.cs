using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using static MlAttention.Tests.Attention.Algorithms.AlgorithmCases;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>Chunked, local-window and fused attention give what the definition gives.</summary>
public sealed class ExactAlgorithmTests
{
    public static TheoryData<ScoreFunction, MaskCase, PositionCase> Combinations()
    {
        var combinations = new TheoryData<ScoreFunction, MaskCase, PositionCase>();
        foreach (var mask in Enum.GetValues<MaskCase>()) combinations.Add(ScoreFunction.ScaledDotProduct, mask, PositionCase.None);
        foreach (var positions in Enum.GetValues<PositionCase>().Except([PositionCase.None])) combinations.Add(ScoreFunction.ScaledDotProduct, MaskCase.PaddingAndCausal, positions);
        foreach (var score in Enum.GetValues<ScoreFunction>()) combinations.Add(score, MaskCase.Padding, PositionCase.Shaw);
        return combinations;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Chunked_EqualsFull_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new FullAttention { UseFused = false }, new ChunkedAttention(blockSize: 3), score, mask, positions);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Fused_EqualsDefinition_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new FullAttention { UseFused = false }, new FullAttention(), score, mask, positions);

    [Theory]
    [MemberData(nameof(Combinations))]
    public void LocalWindow_EqualsFullWithTheWindowMask_ForwardAndBackward(ScoreFunction score, MaskCase mask, PositionCase positions) =>
        AssertSame(new WithMask(AttentionMask.LocalWindow(2)), new LocalWindowAttention(2), score, mask, positions);

    [Fact]
    public void LocalWindow_ManyBlocks_EqualsFullWithTheWindowMask()
    {
        using var scope = NewDisposeScope();
        Tensor At(int seed) => GradientCheck.Random([1, 2, 211, 5], seed);
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(At(1), At(2), At(3), score) { Mask = AttentionMask.Causal() };
        var expected = new FullAttention { UseFused = false }.Attend(inputs with { Mask = AttentionMask.CausalLocalWindow(7) }).Output;
        TensorAssert.Close(expected, new LocalWindowAttention(7).Attend(inputs).Output, 1e-12);
    }

    [Fact]
    public void LocalWindow_QueriesFarBeyondTheKeys_AreZero()
    {
        using var scope = NewDisposeScope();
        using var score = new DotScore();
        var inputs = new AttentionInputs(ones(1, 1, 200, 2), ones(1, 1, 3, 2), ones(1, 1, 3, 2), score);
        var output = new LocalWindowAttention(1).Attend(inputs).Output;
        TensorAssert.Close(cat([ones(1, 1, 4, 2), zeros(1, 1, 196, 2)], 2), output, 1e-6);
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Chunked)]
    [InlineData(AttentionAlgorithm.LocalWindow)]
    public void Attend_WeightsAskedFor_AreThoseOfFullAttention(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query(), Key(), Value(), score) { Mask = Mask(MaskCase.PaddingAndCausal), Temperature = 1.5 };
        var window = AttentionMask.LocalWindow(2);
        IAttentionAlgorithm exact = algorithm == AttentionAlgorithm.Chunked ? new ChunkedAttention(3) : new LocalWindowAttention(2);
        var mask = algorithm == AttentionAlgorithm.Chunked ? inputs.Mask : inputs.Mask! & window;
        var expected = new FullAttention().Attend(inputs with { Mask = mask, ReturnWeights = true });

        var (output, weights) = exact.Attend(inputs with { ReturnWeights = true });

        TensorAssert.Close(expected.Weights!, weights!, 1e-15);
        TensorAssert.Close(exact.Attend(inputs).Output, output, 1e-12);
        Assert.Null(exact.Attend(inputs).Weights);
    }

    /// <summary>Full attention with one more mask.</summary>
    private sealed class WithMask(AttentionMask further) : IAttentionAlgorithm
    {
        public AttentionResult Attend(AttentionInputs inputs) =>
            new FullAttention { UseFused = false }.Attend(inputs with { Mask = AttentionMask.Combine(inputs.Mask, further) });
    }
}
