using MlAttention.Tests.Golden;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>What every layer's tests ask: numbers from a seed, gradients against finite differences, leaks.</summary>
internal static class LayerChecks
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;
    private const int ElementsPerTensor = 12;

    /// <summary>Numbers from -1 to 1 that depend on the seed alone.</summary>
    public static Tensor Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(2 * random.NextDouble() - 1);
        return tensor(values).reshape(shape);
    }

    /// <summary>Fills every parameter with numbers that depend on its name and the seed alone.</summary>
    public static T WithNumbers<T>(this T module, int seed = 1, double scale = 0.5) where T : nn.Module
    {
        using var noGradients = no_grad();
        foreach (var (name, parameter) in module.named_parameters())
        {
            int nameSeed = name.Aggregate(seed, (hash, letter) => unchecked(31 * hash + letter));
            using var numbers = Numbers(nameSeed, parameter.shape);
            parameter.copy_(numbers * scale);
        }
        return module;
    }

    /// <summary>Mask [B,L] of rows with these numbers of real tokens.</summary>
    public static Tensor Mask(long length, params int[] lengths)
    {
        var real = new bool[lengths.Length, length];
        for (int row = 0; row < lengths.Length; row++)
            for (int i = 0; i < lengths[row]; i++) real[row, i] = true;
        return tensor(real);
    }

    public static double[] ToDoubles(this Tensor tensor) => TensorAssert.Values(tensor);

    /// <summary>|a - b| at most tolerance + tolerance |a|, and equal shapes.</summary>
    public static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-5) =>
        TensorAssert.Close(expected, actual, tolerance, tolerance);

    /// <summary>The tensor's numbers, row by row, are close to these.</summary>
    public static void AssertClose(double[] expected, Tensor actual, double tolerance = 1e-5) =>
        TensorAssert.Close(tensor(expected), actual.flatten(), tolerance, tolerance);

    /// <summary>Compares the gradients of inputs and parameters with central differences in float64.</summary>
    public static void AssertGradients(nn.Module module, Func<Tensor[], Tensor> forward, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        module.to(ScalarType.Float64);
        Tensor[] leaves = [.. inputs.Select(input => input.detach().to(ScalarType.Float64).clone().requires_grad_())];
        using var sample = forward(leaves);
        var direction = Numbers(99, sample.shape).to(ScalarType.Float64);
        module.zero_grad();
        Loss().backward();

        foreach (var (name, leaf) in leaves.Select((leaf, i) => ($"input {i}", leaf)).Concat(module.named_parameters().Select(entry => (entry.Item1, (Tensor)entry.Item2))))
            AssertGradient(name, leaf);

        Tensor Loss() => (forward(leaves) * direction).sum();

        void AssertGradient(string name, Tensor leaf)
        {
            var gradient = leaf.grad;
            Assert.True(gradient is not null, $"{name} has no gradient");
            double[] analytic = gradient!.ToDoubles();
            int stride = Math.Max(1, analytic.Length / ElementsPerTensor);
            for (int i = 0; i < analytic.Length; i += stride)
            {
                double numeric = (LossWith(leaf, i, Step) - LossWith(leaf, i, -Step)) / (2 * Step);
                Assert.True(Math.Abs(numeric - analytic[i]) <= Tolerance * (1 + Math.Abs(numeric)), $"{name}[{i}]: finite difference {numeric:R}, gradient {analytic[i]:R}");
            }
        }

        double LossWith(Tensor leaf, int index, double change)
        {
            using var inner = NewDisposeScope();
            using var noGradients = no_grad();
            var element = leaf.view(-1).narrow(0, index, 1);
            element.add_(change);
            double loss = Loss().item<double>();
            element.sub_(change);
            return loss;
        }
    }

    /// <summary>
    /// Forward leaves its output in the caller's dispose scope and no other tensor; after that scope, and after the backward
    /// pass in it, as many tensors are alive as before.
    /// </summary>
    public static void AssertNoLeaks(nn.Module module, Func<Tensor> forward)
    {
        Run(); // what is made once, as the gradients of parameters, is no leak
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        void Run()
        {
            using var scope = NewDisposeScope();
            var output = forward();
            Assert.Equal(1, scope.DisposablesCount);
            output.sum().backward();
            module.zero_grad();
        }
    }

    public static string Error(Func<object?> action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
