using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Network;

/// <summary>The head and the cross entropy with label smoothing, one row at a time. A head serves one thread.</summary>
/// <remarks>logits = W h + b, with h = pooled, or h = f(W' pooled + b') where the head has a hidden layer.</remarks>
internal sealed unsafe class ClassifierHead
{
    private readonly HeadKind _kind;
    private readonly int _width;
    private readonly int _classes;
    private readonly long _weight, _bias;
    private readonly long _hiddenWeight, _hiddenBias;
    private readonly double _smoothing;
    private readonly float[] _hidden, _dHidden;

    public ClassifierHead(EngineConfiguration configuration, FlatWeights weights)
    {
        (_width, _classes, _smoothing) = (configuration.Model.ModelWidth, configuration.Classes, configuration.LabelSmoothing);
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

    /// <summary>
    /// After <see cref="Forward"/> of the same vector: loss = -sum over c of target[c] log p[c], target = (1 - s) onehot(label) + s / C.
    /// The logits become dlogits = factor (p - target).
    /// </summary>
    /// <returns>The loss, without the factor.</returns>
    public double Backward(float* pooled, float* weights, Span<float> logits, int label, float factor, float* dPooled, float* gradients)
    {
        double mean = _smoothing > 0 ? Mean(logits) : 0, atLabel = logits[label];
        double logSum = Softmax.InPlace(logits);
        double loss = logSum - (1 - _smoothing) * atLabel - _smoothing * mean;
        for (int c = 0; c < _classes; c++) logits[c] = factor * (logits[c] - (float)((c == label ? 1 - _smoothing : 0) + _smoothing / _classes));

        var x = new ReadOnlySpan<float>(pooled, _width);
        var dx = new Span<float>(dPooled, _width);
        if (_kind == HeadKind.Linear)
        {
            BackwardMultiply(weights, gradients, _weight, _bias, x, logits[.._classes], dx);
            return loss;
        }
        BackwardMultiply(weights, gradients, _weight, _bias, _hidden, logits[.._classes], _dHidden);
        for (int i = 0; i < _width; i++) _dHidden[i] *= _kind == HeadKind.Tanh ? 1 - _hidden[i] * _hidden[i] : _hidden[i] > 0 ? 1 : 0;
        BackwardMultiply(weights, gradients, _hiddenWeight, _hiddenBias, x, _dHidden, dx);
        return loss;
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

    private static double Mean(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (float logit in logits) sum += logit;
        return sum / logits.Length;
    }
}
