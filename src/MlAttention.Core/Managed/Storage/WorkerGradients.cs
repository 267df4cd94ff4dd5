using System.Numerics.Tensors;
using MlAttention.Core.Optimizers;

namespace MlAttention.Core.Managed.Storage;

/// <summary>
/// One worker's gradients, each where its weight lies among the weights. Those of the layers' matrices are written whole by the first
/// chunk of a step and added to by the others, so they need no clearing; all others are added to and cleared. What the kernels write
/// lane by lane is added up over the lanes once a step. Of the embedding only the rows of tokens that occurred are touched: adding,
/// measuring and clearing cost what the batch's tokens cost, not what the vocabulary costs; where a tied head gives every row a gradient, it
/// is one of the matrices. What is not written takes no memory.
/// </summary>
internal sealed unsafe class WorkerGradients<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly StoredModel<T> _model;
    private readonly NativeBuffer _values;
    private readonly NativeBuffer[] _lanes;
    private readonly NativeBuffer? _vocabulary;
    private readonly NativeBuffer? _embeddingNorm;
    private readonly NativeBuffer? _finalNorm;
    private readonly NativeBuffer? _byDistance;
    private readonly RowSet _tokens;
    private readonly int _width;
    private readonly int _frozenLayers;
    private readonly int[] _added;

    public WorkerGradients(EngineConfiguration configuration, StoredModel<T> model)
    {
        (_model, _frozenLayers) = (model, configuration.FrozenLayers);
        _width = model.Options.ModelWidth;
        _tokens = new RowSet(configuration.EmbeddingRows);
        _added = [.. Enumerable.Range(0, model.Weights.Layout.Count).Where(index => model.Weights.Layout[index].Name != WeightLayout.EmbeddingName && !model.Weights.IsMatrix(index) && !configuration.IsFrozen(model.Weights.Layout[index]))];
        _values = new NativeBuffer(model.Weights.Count);
        _lanes = [.. model.Layers.Select((layer, index) => new NativeBuffer(index < _frozenLayers ? 0 : layer.GradientLanes))];
        if (model.Vocabulary is { } vocabulary) _vocabulary = new NativeBuffer(vocabulary.GradientLanes);
        if (model.EmbeddingNorm is not null && _frozenLayers == 0) _embeddingNorm = new NativeBuffer(NormWeights.GradientCount<T>(_width));
        if (model.Options.Norm == NormPlacement.Pre) _finalNorm = new NativeBuffer(NormWeights.GradientCount<T>(_width));
        if (model.Weights.Has("positions.bias") && _frozenLayers == 0) _byDistance = new NativeBuffer(model.Tables.Count);
    }

    /// <summary>Gradients in the places of the weights.</summary>
    public float* Values => _values.Start;

    /// <summary>Whether the matrices hold gradients: the next chunk adds to them instead of writing over them.</summary>
    public bool HasMatrices { get; set; }

    /// <summary>Of the norm before the first layer.</summary>
    public float* EmbeddingNorm => _embeddingNorm is null ? null : _embeddingNorm.Start;

    /// <summary>Of the norm behind the last layer.</summary>
    public float* FinalNorm => _finalNorm is null ? null : _finalNorm.Start;

    /// <summary>Where a layer's gradients go.</summary>
    public LayerGradients Of(int index)
    {
        var gradients = _model.Layers[index].GradientsIn(Values, _lanes[index].Start);
        gradients.Heads.ByDistance = _byDistance is null ? null : _byDistance.Start;
        return gradients;
    }

    /// <summary>Of the tied head.</summary>
    public VocabularyGradients Vocabulary => _model.Vocabulary!.GradientsIn(Values, _vocabulary!.Start);

    /// <summary>gradient of a token's embedding [D] += scale vector.</summary>
    public void AddToken(int token, ReadOnlySpan<float> vector, float scale)
    {
        if (_model.Vocabulary is { } vocabulary)
        {
            vocabulary.AddGradient(token, vector, scale, Values);
            return;
        }
        var gradient = Embedding(token);
        TensorPrimitives.MultiplyAdd(vector, scale, gradient, gradient);
    }

    private Span<float> Embedding(int token)
    {
        _tokens.Add(token);
        return EmbeddingRow(token);
    }

    /// <summary>The tokens that occurred.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.Rows;

    /// <summary>Adds what was written lane by lane to the values, and clears it.</summary>
    public void AddLanes()
    {
        for (int layer = _frozenLayers; layer < _lanes.Length; layer++)
        {
            _model.Layers[layer].AddLanes(Of(layer), Values);
            _lanes[layer].Clear();
        }
        if (_vocabulary is not null)
        {
            _model.Vocabulary!.AddLanes(Vocabulary, Values);
            _vocabulary.Clear();
        }
        if (_embeddingNorm is not null)
        {
            _model.EmbeddingNorm!.Value.Unpack<T>(_embeddingNorm.Start, _width, Values);
            _embeddingNorm.Clear();
        }
        if (_finalNorm is not null)
        {
            _model.FinalNorm.Unpack<T>(_finalNorm.Start, _width, Values);
            _finalNorm.Clear();
        }
        if (_byDistance is not null)
        {
            _model.Tables.AddBiasGradient(_byDistance.Start, Values + _model.Weights.Offset("positions.bias"));
            _byDistance.Clear();
        }
    }

    /// <summary>Adds the values of all but the matrices to those of another worker, and clears them.</summary>
    public void MoveTo(WorkerGradients<T> other)
    {
        foreach (int index in _added)
        {
            Span<float> own = Span(index), target = other.Span(index);
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

    /// <summary>The gradient of a weight, or of a part of it, as it is stored.</summary>
    public Span<float> Span(int index, int start = 0, int? count = null) => _model.Weights.Span(Values, index, start, count);

    /// <summary>The sum of squares of the embedding's gradient.</summary>
    public double SquaresOfEmbedding()
    {
        double sum = 0;
        foreach (int token in _tokens.Rows) sum += TensorPrimitives.SumOfSquares<float>(EmbeddingRow(token));
        return sum;
    }

    /// <summary>Clears the gradient of the embedding.</summary>
    public void ClearEmbedding()
    {
        foreach (int token in _tokens.Rows) EmbeddingRow(token).Clear();
        _tokens.Clear();
    }

    public void Dispose()
    {
        _values.Dispose();
        foreach (var layer in _lanes) layer.Dispose();
        _vocabulary?.Dispose();
        _embeddingNorm?.Dispose();
        _finalNorm?.Dispose();
        _byDistance?.Dispose();
    }

    private Span<float> EmbeddingRow(int token) => new(Values + _model.EmbeddingOffset + (nint)token * _width, _width);
}

/// <summary>Where the gradients of one encoder layer's weights go.</summary>
internal unsafe struct LayerGradients
{
    public LinearGradient Projection, Output, Expand, Contract;

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
