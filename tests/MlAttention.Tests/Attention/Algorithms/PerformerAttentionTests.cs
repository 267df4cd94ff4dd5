using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using static MlAttention.Tests.Attention.Algorithms.AlgorithmCases;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

public sealed class PerformerAttentionTests
{
    [Fact]
    public void Performer_MeanOverDraws_IsTheExponentialOfTheProduct()
    {
        using var scope = NewDisposeScope();
        const int Draws = 4000;
        foreach (var orthogonal in new[] { false, true })
        {
            var (query, key) = (tensor(new[] { 0.5, -0.3, 0.2 }), tensor(new[] { 0.1, 0.4, -0.6 }));
            var estimates = new double[Draws];
            for (var draw = 0; draw < Draws; draw++)
            {
                using var one = NewDisposeScope();
                var random = tensor(RandomFeatures.Draw(features: 4, width: 3, orthogonal, seed: draw));
                var products = PerformerAttention.Exponents(query, random).add(PerformerAttention.Exponents(key, random)).exp();
                estimates[draw] = products.mean().item<double>();
            }
            var expected = Math.Exp(0.5 * 0.1 - 0.3 * 0.4 - 0.2 * 0.6);
            var mean = estimates.Average();
            var standardError = Math.Sqrt(estimates.Sum(estimate => (estimate - mean) * (estimate - mean)) / (Draws - 1) / Draws);
            Assert.InRange(mean, expected - 4 * standardError, expected + 4 * standardError);
            Assert.InRange(standardError, 0, 0.02);
        }
    }

    [Fact]
    public void Performer_Error_FallsWithTheRootOfTheFeatures()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        Tensor At(int seed) => GradientCheck.Random([1, 2, 23, 8], seed).div(2);
        var inputs = new AttentionInputs(At(1), At(2), At(3), score);
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        double Error(int features) => Enumerable.Range(0, 20)
            .Average(seed => new PerformerAttention(features, orthogonal: false, seed).Attend(inputs).Output.sub(exact).square().mean().sqrt().item<double>());

        var (few, many) = (Error(32), Error(512));

        Assert.InRange(few / many, 2.5, 6.5); // 16 times the features: 4 times less error
    }

    [Fact]
    public void Performer_OrthogonalFeatures_LowerTheError()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(GradientCheck.Random([1, 2, 23, 16], 1), GradientCheck.Random([1, 2, 23, 16], 2), GradientCheck.Random([1, 2, 23, 16], 3), score);
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        double Error(bool orthogonal) => Enumerable.Range(0, 40)
            .Average(seed => new PerformerAttention(16, orthogonal, seed).Attend(inputs).Output.sub(exact).square().mean().item<double>());
        Assert.True(Error(orthogonal: true) < Error(orthogonal: false));
    }

    [Theory]
    [InlineData(MaskCase.Padding)]
    [InlineData(MaskCase.Causal)]
    [InlineData(MaskCase.PaddingAndCausal)]
    public void Performer_ManyFeatures_ComesCloseToFull(MaskCase mask)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var inputs = new AttentionInputs(Query().mul(0.5), Key().mul(0.5), Value(), score) { Mask = Mask(mask), Temperature = 2 };
        var exact = new FullAttention { UseFused = false }.Attend(inputs).Output;
        TensorAssert.Close(exact, new PerformerAttention(4096, blockSize: 3).Attend(inputs).Output, 0.05, 0.05);
    }

    [Fact]
    public void Performer_WhatNeedsScores_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        using var cosine = new CosineScore();
        using var bias = new MlAttention.RelativeBiasPositions(3);
        var inputs = new AttentionInputs(Query(), Key(), Value(), score);
        AssertRefused(inputs with { Mask = AttentionMask.LocalWindow(1) }, "it takes padding and causal masks; got LocalWindowMask.");
        AssertRefused(inputs with { ReturnWeights = true }, "forms no weights to return. Ask for them with AttentionAlgorithm.Full.");
        AssertRefused(inputs with { Positions = bias }, "on which RelativeBiasPositions acts");
        AssertRefused(inputs with { Score = cosine }, "estimates the exponential of a dot product; got CosineScore");

        static void AssertRefused(AttentionInputs inputs, string reason) =>
            Assert.Contains(reason, Assert.Throws<ArgumentException>(() => new PerformerAttention().Attend(inputs)).Message, StringComparison.Ordinal);
    }
}
