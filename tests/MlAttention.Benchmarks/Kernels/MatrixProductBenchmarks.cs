using BenchmarkDotNet.Attributes;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>Packed matrix products of square matrices.</summary>
public class MatrixProductBenchmarks
{
    private MatrixProduct _product = null!;

    /// <summary>Rows and columns.</summary>
    [Params(64, 128, 256, 512)]
    public int Size { get; set; }

    [GlobalSetup]
    public void SetUp() => _product = MatrixProduct.Create(Size);

    [GlobalCleanup]
    public void CleanUp() => _product.Dispose();

    [Benchmark]
    public void Multiply() => _product.Multiply();
}
