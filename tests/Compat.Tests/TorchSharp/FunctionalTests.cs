using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class FunctionalTests
{
    private readonly Tensor _query = tensor(new[] { 1.0, 0, 0, 1 }, [1, 2, 2]);
    private readonly Tensor _key = tensor(new[] { 1.0, 0, 0, 2, 1, 1 }, [1, 3, 2]);
    private readonly Tensor _value = tensor(new[] { 1.0, 10, 100 }, [1, 3, 1]);

    [Fact]
    public void Attention_WithoutMask_IsTheWeightedMean()
    {
        double a = Math.Exp(1 / Math.Sqrt(2)), b = Math.Exp(2 / Math.Sqrt(2));
        double first = (a + 10 + (a * 100)) / (a + 1 + a);
        double second = (1 + (b * 10) + (a * 100)) / (1 + b + a);
        Values.Equal([first, second], nn.functional.scaled_dot_product_attention(_query, _key, _value), 1e-9);
    }

    [Fact]
    public void Attention_WithABooleanMask_AttendsWhereItIsTrue()
    {
        using Tensor mask = tensor(new[] { false, true, false, true, false, false }, [2, 3]);
        Values.Equal([10, 1], nn.functional.scaled_dot_product_attention(_query, _key, _value, mask), 1e-9);
    }

    [Fact]
    public void Attention_WithARealMask_AddsItToTheScores()
    {
        using Tensor mask = tensor(new[] { 0, double.NegativeInfinity, double.NegativeInfinity }, [1, 3]);
        Values.Equal([1, 1], nn.functional.scaled_dot_product_attention(_query, _key, _value, mask), 1e-9);
    }

    [Fact]
    public void Attention_Causal_SeesNothingLater()
    {
        Tensor output = nn.functional.scaled_dot_product_attention(_query, _query, _value[.., ..2], is_casual: true);
        Values.Equal(1, output[0, 0], 1e-9);
        Assert.Throws<ArgumentException>(
            () => nn.functional.scaled_dot_product_attention(_query, _query, _query, ones(2, 2), is_casual: true));
    }

    [Fact]
    public void OneHot_AndPad()
    {
        Assert.Equal([0, 0, 1, 1, 0, 0], nn.functional.one_hot(tensor(new long[] { 2, 0 }), 3).data<long>().ToArray());
        using Tensor x = tensor(new float[] { 1, 2, 3 }, [1, 1, 3]);
        Values.Equal([9, 1, 2, 3, 9, 9], nn.functional.pad(x, (1, 2), value: 9));
        Values.Equal([2, 1, 2, 3], nn.functional.pad(x, (1, 0), PaddingModes.Reflect));
    }

    [Fact]
    public void CosineSimilarity_OfParallelAndOrthogonalRows()
    {
        using Tensor left = tensor(new[] { 1.0, 0, 3, 4 }, [2, 2]);
        using Tensor right = tensor(new[] { 0, 1.0, 6, 8 }, [2, 2]);
        Values.Equal([0, 1], nn.functional.cosine_similarity(left, right), 1e-12);
    }

    [Fact]
    public void ClipGradNorm_ScalesToTheGivenNorm_AndReturnsTheOneBefore()
    {
        using var first = nn.Parameter(tensor(new[] { 3f }));
        using var second = nn.Parameter(tensor(new[] { 4f }));
        ((first * first) + (second * second)).sum().backward();
        double norm = nn.utils.clip_grad_norm_([first, second], 5);
        Assert.Equal(10, norm, 1e-5);
        Values.Equal(3, first.grad!, 1e-5);
        Values.Equal(4, second.grad!, 1e-5);
        nn.utils.clip_grad_norm_([first, second], 100);
        Values.Equal(3, first.grad!, 1e-5);
    }

    [Fact]
    public void ParametersToVector_AndBack()
    {
        using var first = nn.Parameter(ones(2, 2));
        using var second = nn.Parameter(zeros(3));
        Values.Equal([1, 1, 1, 1, 0, 0, 0], nn.utils.parameters_to_vector([first, second]));
        nn.utils.vector_to_parameters(arange(7, ScalarType.Float32), [first, second]);
        Values.Equal([0, 1, 2, 3], first);
        Values.Equal([4, 5, 6], second);
    }

    [Fact]
    public void Init_FillsWithinItsBounds()
    {
        using Tensor weight = empty(50, 30);
        nn.init.xavier_uniform_(weight);
        double bound = Math.Sqrt(6.0 / 80);
        Assert.InRange(weight.abs().max().ToDouble(), 0.95 * bound, bound);
        nn.init.constant_(weight, 2);
        Values.Equal(3000, weight.sum());
        nn.init.zeros_(weight);
        Values.Equal(0, weight.sum());
        Assert.Equal((30, 50), nn.init.CalculateFanInAndFanOut(weight));
    }
}
