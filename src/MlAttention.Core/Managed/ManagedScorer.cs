using System.Diagnostics.CodeAnalysis;
using MlAttention.Core.Managed.Network;

namespace MlAttention.Core.Managed;

/// <summary>Scores with weights that do not change; each call borrows a worker, so any number of threads may call.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A scorer is shared without an owner; its buffers have finalizers.")]
internal sealed class ManagedScorer<T> : ISequenceScorer where T : struct, ILanes<T>
{
    private readonly IdleObjects<Worker<T>> _workers;
    private readonly IdleObjects<Worker<T>> _explainers;

    public ManagedScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
    {
        var model = new StoredModel<T>(configuration);
        model.Weights.Set(weights);
        model.FillTables();
        _workers = new IdleObjects<Worker<T>>(() => new Worker<T>(configuration, model, WorkerTask.Score));
        _explainers = new IdleObjects<Worker<T>>(() => new Worker<T>(configuration, model, WorkerTask.Explain));
    }

    public string EngineName => nameof(EngineKind.Managed);

    public void Score(TokenBatch batch, Span<float> logits)
    {
        using var worker = _workers.Borrow();
        worker.Value.Score(batch, logits);
    }

    public void Encode(TokenBatch batch, Span<float> vectors)
    {
        using var worker = _workers.Borrow();
        worker.Value.Encode(batch, vectors);
    }

    public void EncodeTokens(TokenBatch batch, Span<float> vectors)
    {
        using var worker = _workers.Borrow();
        worker.Value.EncodeTokens(batch, vectors);
    }

    public void PathGradients(TokenBatch batch, TokenPath path, Span<float> gradients)
    {
        using var worker = _explainers.Borrow();
        worker.Value.PathGradients(batch, path, gradients);
    }
}
