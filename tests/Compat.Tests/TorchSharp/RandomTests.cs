using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

[Collection(SharedStateCollection.Name)]
public sealed class RandomTests
{
    [Fact]
    public void ManualSeed_RepeatsTheNumbers()
    {
        manual_seed(7);
        using Tensor first = randn(5);
        using Tensor next = randn(5);
        manual_seed(7);
        using Tensor again = randn(5);
        Assert.True(first.allclose(again, 0, 0));
        Assert.False(first.allclose(next));
    }

    [Fact]
    public void RngState_WhenRestored_ContinuesFromThere()
    {
        using Tensor state = get_rng_state();
        using Tensor first = rand(5);
        set_rng_state(state);
        using Tensor again = rand(5);
        Assert.True(first.allclose(again, 0, 0));
    }

    [Fact]
    public void Generator_OfItsOwn_LeavesTheDefaultAlone()
    {
        using Tensor state = get_rng_state();
        using Tensor expected = rand(3);
        set_rng_state(state);
        using var generator = new Generator(3);
        using Tensor first = randn([4], generator: generator);
        using Tensor actual = rand(3);
        Assert.True(expected.allclose(actual, 0, 0));
        generator.manual_seed(3);
        using Tensor again = randn([4], generator: generator);
        Assert.True(first.allclose(again, 0, 0));
        Assert.Equal(3, generator.initial_seed());
    }

    [Fact]
    public void Dropout_AfterTheSameSeed_DropsTheSame()
    {
        using Tensor x = ones(100);
        manual_seed(5);
        using Tensor first = nn.functional.dropout(x);
        manual_seed(5);
        using Tensor again = nn.functional.dropout(x);
        Assert.True(first.allclose(again, 0, 0));
    }

    [Fact]
    public void Modules_AfterTheSameSeed_StartTheSame()
    {
        manual_seed(11);
        using var first = nn.Linear(3, 4);
        manual_seed(11);
        using var again = nn.Linear(3, 4);
        Assert.True(first.weight!.allclose(again.weight!, 0, 0));
        Assert.True(first.bias!.allclose(again.bias!, 0, 0));
    }

    [Fact]
    public void Distributions_HaveTheirMoments()
    {
        using var generator = new Generator(1);
        Assert.InRange(randn([20_000], generator: generator).mean().ToDouble(), -0.03, 0.03);
        Assert.InRange(rand([20_000], generator: generator).mean().ToDouble(), 0.49, 0.51);
        Assert.InRange(zeros(20_000).uniform_(2, 4, generator).mean().ToDouble(), 2.98, 3.02);
        using Tensor whole = randint(3, 6, [1000], generator: generator);
        Assert.Equal(3, whole.min().ToInt64());
        Assert.Equal(5, whole.max().ToInt64());
        Assert.Equal(ScalarType.Int64, whole.dtype);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => (long)i), randperm(50, generator: generator).data<long>().ToArray().Order());
    }
}
