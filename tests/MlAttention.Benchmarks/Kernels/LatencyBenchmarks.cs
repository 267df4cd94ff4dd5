using BenchmarkDotNet.Attributes;
using MlAttention.Benchmarks.Comparison;
using MlAttention.Benchmarks.Comparison.Contestants;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>Scoring one sequence with the reference model.</summary>
[MemoryDiagnoser]
public class LatencyBenchmarks
{
    private Repetition _pass = null!;

    /// <summary>Tokens of the sequence.</summary>
    [Params(16, 32, 128, 512)]
    public int Length { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _pass = Roster.Managed.Score(new Setting(ReferenceModel.Small, Rows: 1, Length), new float[ReferenceModel.Classes]);
    }

    [GlobalCleanup]
    public void CleanUp() => _pass.Dispose();

    [Benchmark]
    public void Score() => _pass.Run();
}
