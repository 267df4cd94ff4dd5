using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>libtorch's product of two square matrices into a third one: the measure of every floor, and of libtorch's health.</summary>
internal sealed class LibTorchProduct : IDisposable
{
    /// <summary>Below this speed libtorch runs on a slow BLAS or the machine is busy, in GFLOP/s.</summary>
    public const double LeastSpeed = 80;

    /// <summary>The size at which the speed is taken.</summary>
    public const int Size = 512;

    private readonly int _size;
    private readonly Tensor _left, _right, _product;

    public LibTorchProduct(int size = Size)
    {
        _size = size;
        (_left, _right, _product) = (randn(size, size), randn(size, size), zeros(size, size));
    }

    public void Multiply()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        _product.addmm_(_left, _right, beta: 0, alpha: 1);
    }

    /// <summary>GFLOP/s from the milliseconds of a product.</summary>
    public double Speed(double milliseconds) => 2 * Math.Pow(_size, 3) / milliseconds / 1e6;

    /// <summary>The speed of a 512x512 product, in GFLOP/s: the best of a few turns, for a processor that was idle or shared a moment ago tells nothing about the BLAS.</summary>
    /// <exception cref="BenchmarkException">libtorch is not healthy here; no ratio would mean anything.</exception>
    public static double RequireSpeed()
    {
        using var product = new LibTorchProduct();
        var speed = product.Speed(Enumerable.Range(0, 5).Min(_ => Stopwatches.Milliseconds(product.Multiply)));
        return speed >= LeastSpeed ? speed : throw new BenchmarkException(FormattableString.Invariant(
            $"libtorch multiplies 512x512 matrices with {speed:F0} GFLOP/s on one thread, below {LeastSpeed}: the machine is busy, or libtorch runs on a slow BLAS. No ratio would mean anything."));
    }

    public void Dispose()
    {
        _left.Dispose();
        _right.Dispose();
        _product.Dispose();
    }
}
