using BenchmarkDotNet.Attributes;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>Pointwise kernels over 128 tokens of 64 features; the time of one value is the operation.</summary>
public class PointwiseBenchmarks
{
    private const int Values = PointwiseKernel.Tokens * PointwiseKernel.Features;
    private readonly PointwiseKernel _kernel = PointwiseKernel.Create();

    [Benchmark(OperationsPerInvoke = Values)]
    public void Softmax() => _kernel.Softmax();

    [Benchmark(OperationsPerInvoke = Values)]
    public void LayerNorm() => _kernel.LayerNorm();

    [Benchmark(OperationsPerInvoke = Values)]
    public void Gelu() => _kernel.Gelu();

    [Benchmark(OperationsPerInvoke = Values)]
    public void Relu() => _kernel.Relu();

    [Benchmark(OperationsPerInvoke = Values)]
    public void Dropout() => _kernel.Dropout();

    [GlobalCleanup]
    public void CleanUp() => _kernel.Dispose();
}
