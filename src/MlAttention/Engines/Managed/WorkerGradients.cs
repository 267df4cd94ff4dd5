using MlAttention.Engines.Managed.Lanes;

namespace MlAttention.Engines.Managed;

/// <summary>
/// One worker's gradients: those of packed weights padded as the kernels write them, the others in the order of the weights.
/// </summary>
internal sealed unsafe class WorkerGradients<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly PackedModel<T> _model;
    private readonly NativeBuffer _dense;
    private readonly NativeBuffer[] _layers;
    private readonly NativeBuffer? _byDistance;

    public WorkerGradients(PackedModel<T> model)
    {
        _model = model;
        _dense = new NativeBuffer(model.Weights.Count);
        _layers = [.. model.Layers.Select(layer => new NativeBuffer(layer.GradientCount))];
        if (model.Weights.Has("positions.bias")) _byDistance = new NativeBuffer(model.Tables.Count);
    }

    /// <summary>Gradients in the order of the weights; those of packed weights are filled by <see cref="MoveTo"/>.</summary>
    public float* Dense => _dense.Start;

    /// <summary>Where a layer's gradients go.</summary>
    public LayerGradients Of(int index)
    {
        var layer = _model.Layers[index];
        float* projection = _layers[index].Start, output = projection + layer.Projection.GradientCount,
            expand = output + layer.Output.GradientCount, contract = expand + layer.Expand.GradientCount,
            shawKeys = contract + layer.Contract.GradientCount, shawValues = shawKeys + (layer.ShawKeys?.GradientCount ?? 0);
        return new LayerGradients
        {
            Projection = projection,
            Output = output,
            Expand = expand,
            Contract = contract,
            Heads = new HeadGradients { ByDistance = _byDistance is null ? null : _byDistance.Start, ShawKeys = shawKeys, ShawValues = shawValues },
        };
    }

    /// <summary>Adds everything to the gradients of the step and clears itself.</summary>
    public void MoveTo(float* target)
    {
        for (int index = 0; index < _layers.Length; index++)
        {
            _model.Layers[index].Unpack(_layers[index].Start, _dense.Start);
            _layers[index].Clear();
        }
        if (_byDistance is not null)
        {
            _model.Tables.AddBiasGradient(_byDistance.Start, _dense.Start + _model.Weights.Offset("positions.bias"));
            _byDistance.Clear();
        }
        System.Numerics.Tensors.TensorPrimitives.Add(new ReadOnlySpan<float>(target, checked((int)_dense.Length)), new ReadOnlySpan<float>(_dense.Start, (int)_dense.Length), new Span<float>(target, (int)_dense.Length));
        _dense.Clear();
    }

    public void Dispose()
    {
        _dense.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _byDistance?.Dispose();
    }
}
