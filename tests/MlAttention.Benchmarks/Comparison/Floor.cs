using MlAttention.Benchmarks.Kernels;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>The time that a model's matrix products alone would take, at the speed of a 512x512 product measured in the same turns.</summary>
/// <remarks>It is libtorch's product or the managed engine's, whichever is faster here: on some processors libtorch's is far below what they can do.</remarks>
internal sealed class Floor : IDisposable
{
    private const string Theirs = "libtorch's product", Ours = "the managed engine's product";

    private readonly LibTorchProduct _libTorch = new();
    private readonly MatrixProduct _managed = MatrixProduct.Create(LibTorchProduct.Size);

    /// <summary>The turns of the two products.</summary>
    public IReadOnlyList<Turn> Turns() => [Turn.Of(Theirs, _libTorch.Multiply), Turn.Of(Ours, _managed.Multiply)];

    /// <param name="operations">Floating-point operations of the model's matrix products.</param>
    /// <param name="times">What the turns found.</param>
    public double Milliseconds(double operations, IReadOnlyDictionary<string, double> times) =>
        operations / _libTorch.Speed(Math.Min(times[Theirs], times[Ours])) / 1e6;

    public void Dispose()
    {
        _libTorch.Dispose();
        _managed.Dispose();
    }
}
