using System.Globalization;
using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Compares the gradients of autograd with central differences, in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;
    private const int SmallTensor = 40;
    private const int ElementsOfOthers = 16;

    /// <summary>Moves every element of small tensors by a little, and some, spread evenly, of larger ones.</summary>
    /// <param name="function">The function; its output may have any shape.</param>
    /// <param name="inputs">Leaves in float64. Parameters count too.</param>
    public static void Run(Func<Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs) input.requires_grad_();
        var output = function();
        var direction = Random(output.shape, seed: 99);
        var gradients = autograd.grad([output.mul(direction).sum()], inputs);
        using var without = no_grad();
        for (var i = 0; i < inputs.Length; i++)
        {
            var gradient = TensorAssert.Values(gradients[i]);
            for (var j = 0; j < gradient.Length; j += gradient.Length <= SmallTensor ? 1 : gradient.Length / ElementsOfOthers)
            {
                var numeric = (Loss(inputs[i], j, Step) - Loss(inputs[i], j, -Step)) / (2 * Step);
                Assert.True(
                    Math.Abs(numeric - gradient[j]) <= Tolerance * (1 + Math.Abs(numeric)),
                    string.Create(CultureInfo.InvariantCulture, $"input {i}, element {j}: finite difference {numeric:R}, gradient {gradient[j]:R}"));
            }
        }

        double Loss(Tensor input, int index, double change)
        {
            using var inner = NewDisposeScope();
            var element = input.view(-1).narrow(0, index, 1);
            element.add_(change);
            var loss = function().mul(direction).sum().item<double>();
            element.sub_(change);
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
