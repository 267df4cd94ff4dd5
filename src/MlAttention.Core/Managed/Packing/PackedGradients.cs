using System.Numerics.Tensors;
using MlAttention.Core.Optimizers;

namespace MlAttention.Core.Managed.Packing;

/// <summary>
/// One worker's gradients. Those of packed weights are padded as the kernels write them, until they are unpacked into the dense ones
/// of the worker that has the sum; the others are written to the worker's own dense ones, which are in the order of the weights. Of the
/// embedding only the rows of tokens that occurred are touched: adding, measuring and clearing cost what the batch's tokens cost, not
/// what the vocabulary costs. What is not written takes no memory.
/// </summary>
internal sealed unsafe class PackedGradients<T> : IDisposable where T : struct, ILanes<T>
{
    private const int SquarePiece = 1 << 20;
    private readonly PackedModel<T> _model;
    private readonly NativeBuffer _dense;
    private readonly NativeBuffer[] _layers;
    private readonly NativeBuffer? _embeddingNorm;
    private readonly NativeBuffer? _finalNorm;
    private readonly NativeBuffer? _byDistance;
    private readonly RowSet _tokens;
    private readonly int _width;
    private readonly int _frozenLayers;
    private readonly WeightShape[] _others;

    public PackedGradients(EngineConfiguration configuration, PackedModel<T> model)
    {
        (_model, _frozenLayers) = (model, configuration.FrozenLayers);
        _width = model.Options.ModelWidth;
        _tokens = new RowSet(configuration.EmbeddingRows);
        _others = [.. model.Weights.Layout.Where(weight => (weight.Depth == 0 && weight.Name != WeightLayout.EmbeddingName) || weight.Depth > model.Options.Layers)];
        _dense = new NativeBuffer(model.Weights.Count);
        _layers = [.. model.Layers.Select(layer => new NativeBuffer(layer.GradientCount))];
        if (model.EmbeddingNorm is not null && _frozenLayers == 0) _embeddingNorm = new NativeBuffer(NormWeights.GradientCount<T>(_width));
        if (model.Options.Norm == NormPlacement.Pre) _finalNorm = new NativeBuffer(NormWeights.GradientCount<T>(_width));
        if (model.Weights.Has("positions.bias") && _frozenLayers == 0) _byDistance = new NativeBuffer(model.Tables.Count);
    }

    /// <summary>Gradients in the order of the weights; those of packed weights are there, for all workers, after <see cref="UnpackInto"/>.</summary>
    public float* Dense => _dense.Start;

    /// <summary>Of the norm before the first layer.</summary>
    public float* EmbeddingNorm => _embeddingNorm is null ? null : _embeddingNorm.Start;

    /// <summary>Of the norm behind the last layer.</summary>
    public float* FinalNorm => _finalNorm is null ? null : _finalNorm.Start;

    /// <summary>Where a layer's gradients go.</summary>
    public LayerGradients Of(int index)
    {
        var layer = _model.Layers[index];
        LayerGradients gradients = default;
        gradients.Projection = _layers[index].Start;
        gradients.Output = gradients.Projection + layer.Projection.GradientCount;
        gradients.Expand = gradients.Output + layer.Output.GradientCount;
        gradients.Contract = gradients.Expand + layer.Expand.GradientCount;
        gradients.Norm1 = gradients.Contract + layer.Contract.GradientCount;
        gradients.Norm2 = gradients.Norm1 + NormWeights.GradientCount<T>(_width);
        gradients.Heads.ShawKeys = gradients.Norm2 + NormWeights.GradientCount<T>(_width);
        gradients.Heads.ShawValues = gradients.Heads.ShawKeys + (layer.ShawKeys?.GradientCount ?? 0);
        gradients.Heads.ByDistance = _byDistance is null ? null : _byDistance.Start;
        return gradients;
    }

    /// <summary>The gradient of a token's embedding [D].</summary>
    public Span<float> Embedding(int token)
    {
        _tokens.Add(token);
        return EmbeddingRow(token);
    }

    /// <summary>The tokens that occurred.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.Rows;

    /// <summary>Parts of the layers' gradients, each of which <see cref="UnpackInto"/> takes by itself.</summary>
    public int LayerParts => (_layers.Length - _frozenLayers) * PackedLayer<T>.Parts;

    /// <summary>Adds a part of the layers' packed gradients to the dense ones of a worker, this one or another, and clears it.</summary>
    public void UnpackInto(PackedGradients<T> sum, int part)
    {
        int layer = _frozenLayers + part / PackedLayer<T>.Parts;
        _model.Layers[layer].Unpack(part % PackedLayer<T>.Parts, Of(layer), sum.Dense);
    }

    /// <summary>Adds the packed gradients outside of the layers to this worker's dense ones and clears them.</summary>
    public void UnpackOthers()
    {
        if (_embeddingNorm is not null)
        {
            _model.EmbeddingNorm!.Value.Unpack<T>(_embeddingNorm.Start, _width, _dense.Start);
            _embeddingNorm.Clear();
        }
        if (_finalNorm is not null)
        {
            _model.FinalNorm.Unpack<T>(_finalNorm.Start, _width, _dense.Start);
            _finalNorm.Clear();
        }
        if (_byDistance is not null)
        {
            _model.Tables.AddBiasGradient(_byDistance.Start, _dense.Start + _model.Weights.Offset("positions.bias"));
            _byDistance.Clear();
        }
    }

    /// <summary>Adds the dense gradients of what is not in the layers to those of another worker, and clears them.</summary>
    public void MoveOthersTo(PackedGradients<T> other)
    {
        foreach (var weight in _others)
        {
            Span<float> own = Of(weight), target = other.Of(weight);
            TensorPrimitives.Add(target, own, target);
            own.Clear();
        }
        foreach (int token in _tokens.Rows)
        {
            Span<float> own = EmbeddingRow(token), target = other.Embedding(token);
            TensorPrimitives.Add(target, own, target);
            own.Clear();
        }
        _tokens.Clear();
    }

    /// <summary>Parts of <see cref="SumOfSquares"/>: pieces of one size, so that the sum is the same for any number of threads.</summary>
    public int SquareParts => (int)((BehindEmbedding + SquarePiece - 1) / SquarePiece);

    /// <summary>Of a part of the dense gradients behind the embedding.</summary>
    public double SumOfSquares(int part)
    {
        long start = (long)part * SquarePiece;
        return TensorPrimitives.SumOfSquares(new ReadOnlySpan<float>(_dense.Start + (_dense.Length - BehindEmbedding) + start, (int)Math.Min(SquarePiece, BehindEmbedding - start)));
    }

    /// <summary>Of the embedding's rows, added to a sum.</summary>
    public double AddSquaresOfEmbedding(double sum)
    {
        foreach (int token in _tokens.Rows) sum += TensorPrimitives.SumOfSquares<float>(EmbeddingRow(token));
        return sum;
    }

    /// <summary>Clears the dense gradients of the embedding.</summary>
    public void ClearEmbedding()
    {
        foreach (int token in _tokens.Rows) EmbeddingRow(token).Clear();
        _tokens.Clear();
    }

    public void Dispose()
    {
        _dense.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _embeddingNorm?.Dispose();
        _finalNorm?.Dispose();
        _byDistance?.Dispose();
    }

    /// <summary>Floats behind the embedding, which is the first of the weights.</summary>
    private long BehindEmbedding => _dense.Length - (long)_tokens.Capacity * _width;

    private Span<float> Of(WeightShape weight) => new(_dense.Start + _model.Weights.Offset(weight.Name), weight.Count);

    private Span<float> EmbeddingRow(int token) => new(_dense.Start + _model.EmbeddingOffset + (nint)token * _width, _width);
}

/// <summary>Where the gradients of one encoder layer's packed weights go.</summary>
internal unsafe struct LayerGradients
{
    public float* Projection, Output, Expand, Contract;

    /// <summary>[2][D][N]: of gain and bias, lane by lane.</summary>
    public float* Norm1, Norm2;

    public HeadGradients Heads;
}

/// <summary>Where the gradients of the position parameters go; null for those that the scheme has not.</summary>
internal unsafe struct HeadGradients
{
    /// <summary>Gradient of the score tables.</summary>
    public float* ByDistance;

    /// <summary>Gradients of the vectors for keys and for values.</summary>
    public float* ShawKeys, ShawValues;
}
