using MlAttention.Engines;

namespace MlAttention.Benchmarks.Comparison;

/// <summary>Training steps of one of our engines on the reference model.</summary>
internal sealed class EngineContestant : IDisposable
{
    /// <summary>Steps until the runtime has compiled the hot loops for good.</summary>
    private const int FirstSteps = 40;

    private readonly ISequenceEngine _engine;
    private readonly TokenBatch _batch;
    private ulong _step;

    public EngineContestant(EngineKind kind, int length, double dropout, bool variable = false, int threads = 1)
    {
        _engine = EngineFactory.CreateEngine(ReferenceModel.Configuration(kind, length, dropout, threads));
        _batch = ReferenceModel.Batch(ReferenceModel.BatchRows, length, variable);
        using var small = EngineFactory.CreateEngine(ReferenceModel.Configuration(kind, 32, dropout, threads));
        var batch = ReferenceModel.Batch(ReferenceModel.BatchRows, 32, variable);
        for (var step = 0; step < FirstSteps; step++) Step(small, batch);
    }

    /// <summary>The median time of a training step in milliseconds.</summary>
    public double Milliseconds(int steps, int warmUp) => Stopwatches.Milliseconds(() => Step(_engine, _batch), steps, warmUp);

    public void Dispose() => _engine.Dispose();

    private void Step(ISequenceEngine engine, TokenBatch batch)
    {
        engine.Accumulate(batch, 1f / ReferenceModel.BatchRows, _step++);
        engine.Step(1e-3);
    }
}
