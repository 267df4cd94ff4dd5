using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MlAttention.Engines.Managed.Lanes;
using MlAttention.Weights;

namespace MlAttention.Engines.Managed;

/// <summary>Scores with packed weights that nobody writes; each call borrows a worker, so any number of threads may call.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A scorer is shared without an owner; its buffers have finalizers.")]
internal sealed class ManagedScorer<T> : ISequenceScorer where T : struct, ILanes<T>
{
    private readonly EngineConfiguration _configuration;
    private readonly PackedModel<T> _model;
    private readonly ConcurrentBag<Worker<T>> _idle = [];

    public ManagedScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
    {
        _configuration = configuration;
        var flat = new FlatWeights(WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes));
        flat.Set(weights);
        _model = new PackedModel<T>(configuration, flat);
        _model.Pack();
    }

    public string EngineName => nameof(EngineKind.Managed);

    public void Score(TokenBatch batch, Span<float> logits)
    {
        if (!_idle.TryTake(out var worker)) worker = new Worker<T>(_configuration, _model, trains: false);
        try
        {
            for (int from = 0, to; from < batch.Rows; from = to)
            {
                to = Chunks.End(batch, from);
                worker.Score(batch, from, to, logits);
            }
        }
        finally
        {
            _idle.Add(worker);
        }
    }
}
