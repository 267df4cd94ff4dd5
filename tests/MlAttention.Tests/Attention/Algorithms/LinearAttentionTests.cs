using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using static MlAttention.Tests.Attention.Algorithms.AlgorithmCases;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

public sealed class LinearAttentionTests
{
    [Fact]
    public void Linear_ByHand()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var query = tensor(new double[] { 1 }, [1, 1, 1, 1]);                  // feature 2
        var key = tensor(new double[] { 0, 2 }, [1, 1, 2, 1]);                 // features 1, 3
        var value = tensor(new double[] { 4, 8 }, [1, 1, 2, 1]);
        var output = new LinearAttention().Attend(new AttentionInputs(query, key, value, score)).Output;
        TensorAssert.Close(tensor(new double[] { (1 * 4 + 3 * 8) / 4.0 }, [1, 1, 1, 1]), output, 1e-12);
    }

    [Theory]
    [InlineData(MaskCase.None)]
    [InlineData(MaskCase.Padding)]
    [InlineData(MaskCase.Causal)]
    [InlineData(MaskCase.PaddingAndCausal)]
    public void Linear_EqualsItsQuadraticForm_ForwardAndBackward(MaskCase mask) =>
        AssertSame(new QuadraticKernel(), new LinearAttention(blockSize: 3), ScoreFunction.ScaledDotProduct, mask, PositionCase.None, temperature: 1);

    [Fact]
    public void Linear_WhatNeedsScores_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        using var cosine = new CosineScore();
        using var alibi = new MlAttention.AlibiPositions(3);
        var inputs = new AttentionInputs(Query(), Key(), Value(), score);
        AssertRefused(inputs with { Mask = AttentionMask.LocalWindow(1) }, "it takes padding and causal masks; got LocalWindowMask.");
        AssertRefused(inputs with { ReturnWeights = true }, "forms no weights to return. Ask for them with AttentionAlgorithm.Full.");
        AssertRefused(inputs with { Positions = alibi }, "on which AlibiPositions acts");
        AssertRefused(inputs with { Temperature = 2 }, "without temperature");
        AssertRefused(inputs with { Score = cosine }, "has its own score");

        static void AssertRefused(AttentionInputs inputs, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new LinearAttention().Attend(inputs)).Message, StringComparison.Ordinal);
    }

    /// <summary>Linear attention as its definition, with the whole matrix.</summary>
    private sealed class QuadraticKernel : IAttentionAlgorithm
    {
        public AttentionResult Attend(AttentionInputs inputs)
        {
            static Tensor Features(Tensor x) => where(x.gt(0), x.add(1), x.exp());
            var products = Features(inputs.Query).matmul(Features(inputs.Key).transpose(-2, -1));
            if (inputs.Mask is { } mask) products = products.masked_fill(mask.ToTensor(products.shape[2], products.shape[3]).logical_not(), 0);
            var sums = products.sum(-1, keepdim: true);
            return new AttentionResult(products.div(sums.masked_fill(sums.eq(0), 1)).matmul(inputs.Value), null);
        }
    }
}
