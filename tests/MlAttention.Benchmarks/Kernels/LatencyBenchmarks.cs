using BenchmarkDotNet.Attributes;
using MlAttention.Benchmarks.Comparison;
using MlAttention.Engines;

namespace MlAttention.Benchmarks.Kernels;

/// <summary>Scoring one sequence with the reference model.</summary>
[MemoryDiagnoser]
public class LatencyBenchmarks
{
    private readonly float[] _logits = new float[ReferenceModel.Classes];
    private ISequenceScorer _scorer = null!;
    private TokenBatch _batch = null!;

    /// <summary>Tokens of the sequence.</summary>
    [Params(16, 32, 128, 512)]
    public int Length { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var configuration = ReferenceModel.Configuration(EngineKind.Managed, Length, dropout: 0);
        using var engine = EngineFactory.CreateEngine(configuration);
        (_scorer, _batch) = (EngineFactory.CreateScorer(configuration, engine.GetWeights()), ReferenceModel.Batch(1, Length));
    }

    [Benchmark]
    public void Score() => _scorer.Score(_batch, _logits);
}
