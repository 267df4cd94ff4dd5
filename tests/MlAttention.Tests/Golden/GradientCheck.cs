using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Compares the gradients of autograd with central differences, in float64.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <param name="function">The function; its output may have any shape.</param>
    /// <param name="inputs">Leaves in float64, of which every element is moved by a little. Parameters count too.</param>
    public static void Run(Func<Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs) input.requires_grad_();
        var output = function();
        var weights = Random(output.shape, seed: 99);
        var gradients = autograd.grad([output.mul(weights).sum()], inputs);
        using var without = no_grad();
        for (var i = 0; i < inputs.Length; i++)
        {
            var expected = zeros_like(inputs[i]);
            var (flat, flatExpected) = (inputs[i].view(-1), expected.view(-1));
            for (long j = 0; j < flat.shape[0]; j++)
            {
                var element = flat.narrow(0, j, 1);
                element.add_(Step);
                var above = function().mul(weights).sum();
                element.sub_(2 * Step);
                var below = function().mul(weights).sum();
                element.add_(Step);
                flatExpected.narrow(0, j, 1).copy_(above.sub(below).div(2 * Step));
            }
            TensorAssert.Close(expected, gradients[i], 1e-7, 1e-6, $"gradient of input {i}");
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
