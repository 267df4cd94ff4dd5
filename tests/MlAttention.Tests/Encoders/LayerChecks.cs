using MlAttention.Tests.Golden;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>What every layer's tests ask: numbers from a seed, gradients against finite differences.</summary>
internal static class LayerChecks
{
    /// <summary>Numbers from -1 to 1 that depend on the seed alone.</summary>
    public static Tensor Numbers(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++) values[i] = (float)(2 * random.NextDouble() - 1);
        // A copy, which libtorch aligns as its own tensors: its products round as the address has it.
        return tensor(values).reshape(shape).clone();
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

    public static string Error(Func<object?> action) => Assert.ThrowsAny<ArgumentException>(action).Message;
}
