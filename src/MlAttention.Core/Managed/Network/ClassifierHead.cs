using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Network;

/// <summary>The head, one vector at a time. A head serves one thread.</summary>
/// <remarks>logits = W h + b, with h = pooled, or h = f(W' pooled + b') where the head has a hidden layer.</remarks>
internal sealed unsafe class ClassifierHead
{
    private readonly HeadKind _kind;
    private readonly int _width;
    private readonly int _classes;
    private readonly long _weight, _bias;
    private readonly long _hiddenWeight, _hiddenBias;
    private readonly float[] _hidden, _dHidden;

    public ClassifierHead(EngineConfiguration configuration, FlatWeights weights)
    {
        (_width, _classes) = (configuration.Model.ModelWidth, configuration.Classes);
        (_weight, _bias) = (weights.Offset("head.weight"), weights.Offset("head.bias"));
        _kind = configuration.Model.Head;
        if (_kind != HeadKind.Linear) (_hiddenWeight, _hiddenBias) = (weights.Offset("head.dense.weight"), weights.Offset("head.dense.bias"));
        int hidden = _kind == HeadKind.Linear ? 0 : _width;
        (_hidden, _dHidden) = (new float[hidden], new float[hidden]);
    }

    /// <summary>The logits [C] of a pooled vector [D].</summary>
    public void Forward(float* pooled, float* weights, Span<float> logits)
    {
        var x = new ReadOnlySpan<float>(pooled, _width);
        if (_kind == HeadKind.Linear)
        {
            Multiply(weights, _weight, _bias, x, logits[.._classes]);
            return;
        }
        Multiply(weights, _hiddenWeight, _hiddenBias, x, _hidden);
        if (_kind == HeadKind.Tanh) TensorPrimitives.Tanh(_hidden, _hidden);
        else TensorPrimitives.Max(_hidden, 0, _hidden);
        Multiply(weights, _weight, _bias, _hidden, logits[.._classes]);
    }

    /// <summary>After <see cref="Forward"/> of the same vector: writes its gradient, and adds those of the weights.</summary>
    /// <param name="pooled">The vector [D].</param>
    /// <param name="weights">All weights.</param>
    /// <param name="dLogits">The gradient of the logits [C].</param>
    /// <param name="dPooled">[D].</param>
    /// <param name="gradients">All gradients.</param>
    public void Backward(float* pooled, float* weights, ReadOnlySpan<float> dLogits, float* dPooled, float* gradients)
    {
        var x = new ReadOnlySpan<float>(pooled, _width);
        var dx = new Span<float>(dPooled, _width);
        if (_kind == HeadKind.Linear)
        {
            BackwardMultiply(weights, gradients, _weight, _bias, x, dLogits, dx);
            return;
        }
        BackwardMultiply(weights, gradients, _weight, _bias, _hidden, dLogits, _dHidden);
        for (int i = 0; i < _width; i++) _dHidden[i] *= _kind == HeadKind.Tanh ? 1 - _hidden[i] * _hidden[i] : _hidden[i] > 0 ? 1 : 0;
        BackwardMultiply(weights, gradients, _hiddenWeight, _hiddenBias, x, _dHidden, dx);
    }

    /// <summary>y = W x + b.</summary>
    private void Multiply(float* weights, long weight, long bias, ReadOnlySpan<float> x, Span<float> y)
    {
        for (int row = 0; row < y.Length; row++) y[row] = RowKernels.Dot(new(weights + weight + (nint)row * _width, _width), x) + weights[bias + row];
    }

    /// <summary>dx = Wᵀ dy; adds dy xᵀ and dy to the gradients of W and b.</summary>
    private void BackwardMultiply(float* weights, float* gradients, long weight, long bias, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx)
    {
        dx.Clear();
        for (int row = 0; row < dy.Length; row++)
        {
            var gradient = new Span<float>(gradients + weight + (nint)row * _width, _width);
            TensorPrimitives.MultiplyAdd(x, dy[row], gradient, gradient);
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(weights + weight + (nint)row * _width, _width), dy[row], dx, dx);
            gradients[bias + row] += dy[row];
        }
    }
}
