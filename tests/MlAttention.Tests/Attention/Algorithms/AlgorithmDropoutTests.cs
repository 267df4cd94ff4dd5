using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using TorchSharp;
using static MlAttention.Tests.Attention.Algorithms.AlgorithmCases;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>Dropout of attention weights; the draws come from torch's random state, which all threads share.</summary>
[Collection(RandomStateCollection.Name)]
public sealed class AlgorithmDropoutTests
{
    [Fact]
    public void Chunked_Dropout_DropsTheSameWeightsInBothPasses()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var (query, key, value) = (Query(), Key(), Value().requires_grad_());
        var inputs = new AttentionInputs(query, key, value, score) { Dropout = 0.5 };

        manual_seed(3);
        var output = new ChunkedAttention(3).Attend(inputs).Output;
        var gradient = autograd.grad([output.sum()], [value])[0];

        // The output is linear in the value: its sum is the product of value and gradient when both passes dropped the same weights.
        TensorAssert.Close(output.sum(), gradient.mul(value).sum(), 1e-9);
        var gradientWithout = autograd.grad([new ChunkedAttention(3).Attend(inputs with { Dropout = 0 }).Output.sum()], [value])[0];
        Assert.True(gradient.sub(gradientWithout).abs().max().item<double>() > 0.01);
    }

    [Fact]
    public void Chunked_GradientUnderDropout_EqualsFiniteDifferences()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        using var positions = new MlAttention.ShawRelativePositions(headWidth: 2, clipDistance: 1);
        positions.to(ScalarType.Float64);
        var (query, key, value) = (GradientCheck.Random([1, 2, 5, 2], 1), GradientCheck.Random([1, 2, 5, 2], 2), GradientCheck.Random([1, 2, 5, 2], 3));
        GradientCheck.Run(
            () =>
            {
                manual_seed(3); // drops the same weights each time
                return new ChunkedAttention(2).Attend(new AttentionInputs(query, key, value, score) { Positions = positions, Dropout = 0.5 }).Output;
            },
            [query, key, value, .. positions.parameters()]);
    }

    [Fact]
    public void Attend_Dropout_KeepsTheMean()
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        manual_seed(4);
        var value = ones(1, 1, 1000, 1, ScalarType.Float64);
        var inputs = new AttentionInputs(zeros(1, 1, 100, 1, ScalarType.Float64), zeros(1, 1, 1000, 1, ScalarType.Float64), value, score) { Dropout = 0.2 };
        foreach (IAttentionAlgorithm algorithm in new IAttentionAlgorithm[] { new FullAttention(), new FullAttention { UseFused = false }, new ChunkedAttention() })
        {
            var output = algorithm.Attend(inputs).Output;
            Assert.InRange(output.mean().item<double>(), 0.99, 1.01);
            Assert.InRange(output.std().item<double>(), 0.005, 0.03); // sqrt(0.2 / 0.8 / 1000) = 0.0158
        }
    }

    [Theory]
    [InlineData(AttentionAlgorithm.Linear)]
    [InlineData(AttentionAlgorithm.Performer)]
    public void Kernel_Dropout_DropsKeysForAllQueriesAndScalesTheOthers(AttentionAlgorithm algorithm)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        manual_seed(4);
        var (query, key) = (zeros(1, 1, 3, 5, ScalarType.Float64), zeros(1, 1, 11, 5, ScalarType.Float64));
        var value = eye(11, dtype: ScalarType.Float64).view(1, 1, 11, 11);                      // the output is the weights: 1/11 each

        var weights = Create(algorithm).Attend(new AttentionInputs(query, key, value, score) { Dropout = 0.5 }).Output.squeeze();

        TensorAssert.Close(weights.narrow(0, 0, 1).expand(3, 11), weights, 0, 0);
        Assert.Equal([0, 2.0 / 11], TensorAssert.Values(weights).Select(weight => Math.Round(weight, 12)).Distinct().Order(), (a, b) => Math.Abs(a - b) < 1e-9);
    }
}
