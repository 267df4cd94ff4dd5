using System.Numerics.Tensors;

namespace MlAttention.Core.Managed.Network;

/// <summary>The linear head and the cross entropy with label smoothing, one row at a time.</summary>
internal sealed unsafe class ClassifierHead
{
    private readonly int _width;
    private readonly int _classes;
    private readonly long _weight;
    private readonly long _bias;
    private readonly double _smoothing;

    public ClassifierHead(EngineConfiguration configuration, FlatWeights weights)
    {
        (_width, _classes, _smoothing) = (configuration.Model.ModelWidth, configuration.Classes, configuration.LabelSmoothing);
        (_weight, _bias) = (weights.Offset("head.weight"), weights.Offset("head.bias"));
    }

    /// <summary>logits [C] = W pooled + b.</summary>
    public void Forward(float* pooled, float* weights, Span<float> logits)
    {
        for (int c = 0; c < _classes; c++) logits[c] = RowKernels.Dot(weights + _weight + (nint)c * _width, pooled, _width) + weights[_bias + c];
    }

    /// <summary>
    /// loss = -sum over c of target[c] log p[c], target = (1 - s) onehot(label) + s / C. The logits become dlogits = factor (p - target).
    /// </summary>
    /// <returns>The loss, without the factor.</returns>
    public double Backward(float* pooled, float* weights, Span<float> logits, int label, float factor, float* dPooled, float* gradients)
    {
        double mean = _smoothing > 0 ? Mean(logits) : 0, atLabel = logits[label];
        double logSum = Softmax.InPlace(logits);
        double loss = logSum - (1 - _smoothing) * atLabel - _smoothing * mean;
        var gradient = new Span<float>(dPooled, _width);
        gradient.Clear();
        for (int c = 0; c < _classes; c++)
        {
            float target = (float)((c == label ? 1 - _smoothing : 0) + _smoothing / _classes), d = factor * (logits[c] - target);
            var row = new Span<float>(gradients + _weight + (nint)c * _width, _width);
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(pooled, _width), d, row, row);
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<float>(weights + _weight + (nint)c * _width, _width), d, gradient, gradient);
            gradients[_bias + c] += d;
        }
        return loss;
    }

    private static double Mean(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (float logit in logits) sum += logit;
        return sum / logits.Length;
    }
}
