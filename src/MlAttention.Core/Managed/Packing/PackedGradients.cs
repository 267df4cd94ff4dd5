using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Packing;

/// <summary>
/// One worker's gradients. Those of packed weights are padded as the kernels write them until <see cref="Unpack"/> adds them to
/// the dense ones, which are in the order of the weights. Of the embedding only the rows of tokens that occurred are touched:
/// adding, measuring and clearing cost what the batch's tokens cost, not what the vocabulary costs.
/// </summary>
internal sealed unsafe class PackedGradients<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly PackedModel<T> _model;
    private readonly NativeBuffer _dense;
    private readonly NativeBuffer[] _layers;
    private readonly NativeBuffer? _finalNorm;
    private readonly NativeBuffer? _byDistance;
    private readonly RowSet _tokens;
    private readonly int _width;

    public PackedGradients(PackedModel<T> model, int embeddingRows)
    {
        _model = model;
        _width = model.Options.ModelWidth;
        _tokens = new RowSet(embeddingRows);
        _dense = new NativeBuffer(model.Weights.Count);
        _layers = [.. model.Layers.Select(layer => new NativeBuffer(layer.GradientCount))];
        if (model.Options.Norm == NormPlacement.Pre) _finalNorm = new NativeBuffer(NormWeights.GradientCount<T>(_width));
        if (model.Weights.Has("positions.bias")) _byDistance = new NativeBuffer(model.Tables.Count);
    }

    /// <summary>Gradients in the order of the weights; those of packed weights are there after <see cref="Unpack"/>.</summary>
    public float* Dense => _dense.Start;

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

    /// <summary>Adds the packed gradients to the dense ones and clears them.</summary>
    public void Unpack()
    {
        for (int index = 0; index < _layers.Length; index++)
        {
            _model.Layers[index].Unpack(Of(index), _dense.Start);
            _layers[index].Clear();
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

    /// <summary>Adds the dense gradients to those of another worker.</summary>
    public void AddTo(PackedGradients<T> other)
    {
        TensorPrimitives.Add(other.BeforeEmbedding, BeforeEmbedding, other.BeforeEmbedding);
        TensorPrimitives.Add(other.BehindEmbedding, BehindEmbedding, other.BehindEmbedding);
        foreach (int token in _tokens.Rows)
        {
            var target = other.Embedding(token);
            TensorPrimitives.Add(target, EmbeddingRow(token), target);
        }
    }

    /// <summary>Of the dense gradients.</summary>
    public double SumOfSquares()
    {
        double sum = (double)TensorPrimitives.SumOfSquares<float>(BeforeEmbedding) + TensorPrimitives.SumOfSquares<float>(BehindEmbedding);
        foreach (int token in _tokens.Rows) sum += TensorPrimitives.SumOfSquares<float>(EmbeddingRow(token));
        return sum;
    }

    /// <summary>Clears the dense gradients.</summary>
    public void Clear()
    {
        BeforeEmbedding.Clear();
        BehindEmbedding.Clear();
        foreach (int token in _tokens.Rows) EmbeddingRow(token).Clear();
        _tokens.Clear();
    }

    public void Dispose()
    {
        _dense.Dispose();
        foreach (var layer in _layers) layer.Dispose();
        _finalNorm?.Dispose();
        _byDistance?.Dispose();
    }

    private Span<float> BeforeEmbedding => new(_dense.Start, checked((int)_model.EmbeddingOffset));

    private Span<float> BehindEmbedding
    {
        get
        {
            long end = _model.EmbeddingOffset + (long)_tokens.Capacity * _width;
            return new(_dense.Start + end, checked((int)(_dense.Length - end)));
        }
    }

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

/// <summary>Rows of a table that have been touched, in the order of their first touch.</summary>
/// <param name="count">Rows of the table.</param>
internal sealed class RowSet(int count)
{
    private readonly bool[] _has = new bool[count];
    private readonly int[] _rows = new int[count];
    private int _count;

    /// <summary>Rows of the table.</summary>
    public int Capacity => _has.Length;

    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    public void Add(int row)
    {
        if (_has[row]) return;
        _has[row] = true;
        _rows[_count++] = row;
    }

    public void Clear()
    {
        foreach (int row in Rows) _has[row] = false;
        _count = 0;
    }
}
