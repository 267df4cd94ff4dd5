using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

/// <summary>Comparing tensors with expected numbers, and gradients with finite differences.</summary>
internal static class Values
{
    internal static void Equal(double[] expected, Tensor actual, double tolerance = 1e-6)
    {
        double[] values = actual.to(ScalarType.Float64).contiguous().data<double>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i].Equals(values[i]) || Math.Abs(expected[i] - values[i]) <= tolerance;
            Assert.True(same, $"element {i}: expected {expected[i]:R}, got {values[i]:R}");
        }
    }

    internal static void Equal(double expected, Tensor actual, double tolerance = 1e-6) => Equal([expected], actual, tolerance);

    /// <summary>The gradient that autograd finds for each float64 input agrees with central differences.</summary>
    internal static void GradientMatchesDifferences(Func<Tensor[], Tensor> loss, params Tensor[] inputs)
    {
        const double Step = 1e-6;
        foreach (Tensor input in inputs)
            input.requires_grad = true;
        loss(inputs).backward();
        using IDisposable mode = no_grad();
        foreach (Tensor input in inputs)
        {
            double[] gradient = input.grad!.contiguous().data<double>().ToArray();
            for (long i = 0; i < input.numel(); i++)
            {
                Tensor element = input.view(-1)[i];
                double value = element.ToDouble();
                element.fill_(value + Step);
                double above = loss(inputs).ToDouble();
                element.fill_(value - Step);
                double below = loss(inputs).ToDouble();
                element.fill_(value);
                Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-6);
            }
        }
    }
}
