using System.Globalization;
using static TorchSharp.torch;

namespace MlAttention.Tests.Golden;

/// <summary>Asserts on tensors that say where and by how much they differ.</summary>
internal static class TensorAssert
{
    /// <summary>|actual - expected| &lt;= absolute + relative |expected|, element by element; the shapes are equal.</summary>
    public static void Close(Tensor expected, Tensor actual, double absolute = 1e-5, double relative = 1e-5, string what = "tensor")
    {
        using var scope = NewDisposeScope();
        Assert.True(expected.shape.SequenceEqual(actual.shape), $"{what}: expected shape [{string.Join(',', expected.shape)}], got [{string.Join(',', actual.shape)}].");
        var (wanted, got) = (Values(expected), Values(actual));
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].Equals(got[i]) || Math.Abs(wanted[i] - got[i]) <= absolute + relative * Math.Abs(wanted[i])) continue;
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: element {i} of {wanted.Length} is {got[i]:R}, expected {wanted[i]:R}."));
        }
    }

    /// <summary>All numbers of a tensor in row-major order.</summary>
    public static double[] Values(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }
}
