using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class AutogradTests
{
    private static Tensor Random(params long[] shape)
    {
        using var generator = new Generator(17);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    [Fact]
    public void Backward_OfAPolynomial_GivesItsDerivative()
    {
        using Tensor x = tensor(new[] { 1.0, 2, 3 }, requires_grad: true);
        (x * x * x).sum().backward();
        Values.Equal([3, 12, 27], x.grad!);
    }

    [Fact]
    public void Backward_Twice_AddsUp()
    {
        using Tensor x = tensor(2.0, requires_grad: true);
        (x * 3).backward();
        (x * 4).backward();
        Values.Equal(7, x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Backward_OfAttentionAndNormalisation_MatchesDifferences() =>
        Values.GradientMatchesDifferences(
            inputs =>
            {
                Tensor weights = inputs[0].matmul(inputs[1].transpose(-2, -1)).div(Math.Sqrt(3)).softmax(-1);
                Tensor normed = nn.functional.layer_norm(weights.matmul(inputs[2]), [5], inputs[3], inputs[4]);
                return (nn.functional.gelu(normed) * normed.sigmoid()).pow(2).mean();
            },
            Random(2, 4, 3), Random(2, 7, 3), Random(2, 7, 5), Random(5), Random(5));

    [Fact]
    public void Backward_OfIndexingAndMasking_MatchesDifferences() =>
        Values.GradientMatchesDifferences(
            inputs =>
            {
                Tensor picked = inputs[0].index_select(0, tensor(new long[] { 2, 0, 2 }));
                Tensor masked = picked.masked_fill(picked > 0.5, 0.25);
                return cat([masked[.., 1..], inputs[1]], 1).logsumexp(1).sum();
            },
            Random(3, 5), Random(3, 2));

    [Fact]
    public void Backward_OfSoftmaxLoss_MatchesDifferences() =>
        Values.GradientMatchesDifferences(
            inputs => nn.functional.cross_entropy(
                inputs[0], tensor(new long[] { 3, 0, 1 }), tensor(new[] { 1.0, 2, 0.5, 3 }), label_smoothing: 0.1),
            Random(3, 4));

    [Fact]
    public void Grad_WithCreateGraph_GivesTheSecondDerivative()
    {
        using Tensor x = tensor(3.0, requires_grad: true);
        Tensor first = autograd.grad([x.pow(4)], [x], create_graph: true)[0];
        Values.Equal(108, first);
        Values.Equal(108, autograd.grad([first], [x])[0]);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_WithGivenGradients_WeighsTheOutputs()
    {
        using Tensor x = tensor(new[] { 1.0, 2 }, requires_grad: true);
        IList<Tensor> gradients = autograd.grad([x * x], [x], [tensor(new[] { 10.0, 100 })]);
        Values.Equal([20, 400], gradients[0]);
    }

    [Fact]
    public void NoGrad_RecordsNothing_AndRestoresTheModeBefore()
    {
        using Tensor x = ones(2, requires_grad: true);
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }

        Assert.True(is_grad_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void InferenceMode_IsOnOnlyInside()
    {
        using (inference_mode())
            Assert.True(is_inference_mode_enabled());
        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void Detach_CutsTheGraph_ButSharesMemory()
    {
        using Tensor x = ones(2, requires_grad: true);
        using Tensor cut = x.detach();
        Assert.False(cut.requires_grad);
        cut.fill_(5);
        Values.Equal([5, 5], x);
    }

    [Fact]
    public void RetainGrad_KeepsTheGradientOfAnIntermediate()
    {
        using Tensor x = tensor(2.0, requires_grad: true);
        Tensor square = x * x;
        Assert.False(square.is_leaf);
        square.retain_grad();
        (square * 3).backward();
        Values.Equal(3, square.grad!);
        Values.Equal(12, x.grad!);
    }

    [Fact]
    public void Backward_FromAVectorWithoutGradients_ThrowsExternalException()
    {
        using Tensor x = ones(2, requires_grad: true);
        Assert.Throws<ExternalException>(() => (x * 2).backward());
    }

    [Fact]
    public void InPlace_OnALeafThatRequiresGradients_ThrowsExternalException()
    {
        using Tensor x = ones(2, requires_grad: true);
        Assert.Throws<ExternalException>(() => x.add_(1));
    }
}
