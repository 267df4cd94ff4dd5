using MlAttention.Core.Optimizers;
using MlAttention.Core.Weights;
using MlAttention.Torch.Engine;
using static TorchSharp.torch;

namespace MlAttention.Tests.Engines;

public class TensorOptimizerTests
{
    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Step_TenGradients_GivesTheWeightsAndTheStateOfTheHostsOptimizer(OptimizerKind kind)
    {
        using var scope = NewDisposeScope();
        var options = new OptimizerOptions { Kind = kind, WeightDecay = 0.3 };
        using nn.Module host = nn.Linear(7, 5), device = nn.Linear(7, 5);
        WeightShape[] layout = [new("weight", [5, 7], WeightInit.Zero, Decays: true), new("bias", [5], WeightInit.Zero)];
        var (expected, actual) = (new TorchParameters(host, layout), new TorchParameters(device, layout));
        actual.Set(expected.Get());
        var expectedOptimizer = Optimizer.Create(layout, options);
        var optimizer = new TensorOptimizer(options, Optimizer.Create(layout, options), actual.All, layout);

        for (var step = 0; step < 10; step++)
        {
            foreach (var (one, other) in expected.All.Zip(actual.All)) other.grad = one.grad = randn(one.shape, generator: new Generator((ulong)step));
            Assert.Equal(expected.Step(expectedOptimizer, 0.05), optimizer.Step(0.05), 1e-5);
            if (step == 4) optimizer.SetState(optimizer.GetState());
        }

        foreach (var (one, other) in expected.Get().Concat(expectedOptimizer.GetState()).Zip(actual.Get().Concat(optimizer.GetState())))
        {
            Assert.Equal(one.Name, other.Name);
            Assert.All(one.Values.Zip(other.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }
    }

    [Fact]
    public void Step_GradientOfInfinity_ChangesNothing()
    {
        using var scope = NewDisposeScope();
        using nn.Module module = nn.Linear(3, 2);
        var parameters = new TorchParameters(module);
        var optimizer = new TensorOptimizer(new(), Optimizer.Create(parameters.Layout, new()), parameters.All, parameters.Layout);
        var before = parameters.Get();
        foreach (var parameter in parameters.All) parameter.grad = full_like(parameter, float.PositiveInfinity);

        Assert.Equal(double.PositiveInfinity, optimizer.Step(0.1));

        Assert.Equal(before.SelectMany(weight => weight.Values), parameters.Get().SelectMany(weight => weight.Values));
        Assert.Equal(0, optimizer.GetState()[0].Values[0]);
    }
}
