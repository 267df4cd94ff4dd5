using System.Diagnostics.CodeAnalysis;
using MlAttention.Core.Managed.Network;

namespace MlAttention.Core.Managed;

/// <summary>Scores with packed weights that do not change; each call borrows a worker, so any number of threads may call.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A scorer is shared without an owner; its buffers have finalizers.")]
internal sealed unsafe class ManagedScorer<T> : ISequenceScorer where T : struct, ILanes<T>
{
    private readonly IdleObjects<Worker<T>> _workers;

    public ManagedScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights)
    {
        var layout = WeightLayout.Of(configuration.Model, configuration.EmbeddingRows, configuration.Classes);
        var byName = WeightShape.Match(layout, weights).ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        var flat = new FlatWeights(layout);
        var model = new PackedModel<T>(configuration, flat, trains: false);

        // What the kernels read from panels goes there at once, and its place among the other weights is never written.
        for (int layer = 0; layer < model.Layers.Count; layer++)
        {
            var names = PackedLayer<T>.LinearNames(layer);
            for (int part = 0; part < names.Count; part++)
            {
                byName.Remove(names[part].Weight, out var weight);
                byName.Remove(names[part].Bias, out var bias);
                fixed (float* matrix = weight!.Values, vector = bias!.Values) model.Layers[layer].Pack(part, matrix, vector);
            }
        }
        foreach (var weight in layout)
            if (byName.TryGetValue(weight.Name, out var tensor)) tensor.Values.CopyTo(flat.Span(weight));
        foreach (var layer in model.Layers) layer.Pack(PackedLayer<T>.Parts - 1);
        model.PackTables();
        _workers = new IdleObjects<Worker<T>>(() => new Worker<T>(configuration, model, trains: false));
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
}
