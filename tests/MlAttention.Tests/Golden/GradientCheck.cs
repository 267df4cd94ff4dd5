using System.Globalization;
using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Compares the gradients of autograd with central differences, in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-7;

    /// <summary>Moves each leaf, all its elements at once, a little in a random direction of length 1: any wrong element shows.</summary>
    /// <param name="function">The function; its output may have any shape.</param>
    /// <param name="leaves">Inputs and parameters in float64.</param>
    public static void Run(Func<Tensor> function, params Tensor[] leaves)
    {
        using var scope = NewDisposeScope();
        foreach (var leaf in leaves) leaf.requires_grad_();
        var output = function();
        var weights = Random(output.shape, seed: 99);
        var gradients = autograd.grad([output.mul(weights).sum()], leaves);
        using var without = no_grad();
        for (var i = 0; i < leaves.Length; i++)
        {
            var direction = Random(leaves[i].shape, seed: i);
            direction.div_(direction.norm());
            var gradient = gradients[i].mul(direction).sum().item<double>();
            var numeric = (Loss(leaves[i], direction, Step) - Loss(leaves[i], direction, -Step)) / (2 * Step);
            Assert.True(
                Math.Abs(numeric - gradient) <= Tolerance * (1 + Math.Abs(numeric)),
                string.Create(CultureInfo.InvariantCulture, $"leaf {i} of shape [{string.Join(',', leaves[i].shape)}]: finite difference {numeric:R}, gradient {gradient:R}"));
        }

        double Loss(Tensor leaf, Tensor direction, double step)
        {
            using var inner = NewDisposeScope();
            leaf.add_(direction, step);
            var loss = function().mul(weights).sum().item<double>();
            leaf.add_(direction, -step);
            return loss;
        }
    }

    /// <summary>Normal numbers in float64 that depend on the seed alone.</summary>
    public static Tensor Random(long[] shape, int seed, ScalarType type = ScalarType.Float64)
    {
        var random = new Random(seed);
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return tensor(values, shape, dtype: type);
    }
}
