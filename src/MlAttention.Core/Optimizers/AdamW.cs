using System.Numerics;

namespace MlAttention.Core.Optimizers;

/// <summary>Adam with decoupled weight decay, one fused pass over weights, gradients and moments.</summary>
/// <remarks>
/// w := w (1 - rate decay); m := b1 m + (1 - b1) g; v := b2 v + (1 - b2) g^2;
/// w := w - rate / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + epsilon).
/// Source: Loshchilov and Hutter 2019, algorithm 2, in the order of torch.optim.AdamW.
/// </remarks>
internal sealed class AdamW(IReadOnlyList<WeightShape> layout, OptimizerOptions options) : Optimizer(layout, options)
{
    private readonly float _beta1 = (float)options.Beta1;
    private readonly float _beta2 = (float)options.Beta2;
    private readonly float _epsilon = (float)options.Epsilon;
    private readonly (float Keep, float StepSize)[] _steps = new (float, float)[layout.Count];
    private float _rootScale;

    protected override IReadOnlyList<string> MomentNames => ["first", "second"];

    protected override void BeginStepCore(double learningRate)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            double rate = learningRate * RateFactor(i);
            _steps[i] = (Layout[i].Decays ? (float)(1 - rate * Options.WeightDecay) : 1, (float)(rate / (1 - Math.Pow(Options.Beta1, Steps))));
        }
        _rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(Options.Beta2, Steps)));
    }

    public override void Update(int index, Span<float> weights, ReadOnlySpan<float> gradients, float gradientScale, int start = 0)
    {
        var (keep, stepSize) = _steps[index];
        var first = Moment(0, index, start, weights.Length);
        var second = Moment(1, index, start, weights.Length);
        gradients = gradients[..weights.Length];

        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(first);
        var v = MemoryMarshal.Cast<float, Vector<float>>(second);
        for (int i = 0; i < w.Length; i++)
        {
            var gradient = g[i] * gradientScale;
            m[i] = m[i] * _beta1 + gradient * (1 - _beta1);
            v[i] = v[i] * _beta2 + gradient * gradient * (1 - _beta2);
            w[i] = w[i] * keep - m[i] * stepSize / (Vector.SquareRoot(v[i]) * _rootScale + new Vector<float>(_epsilon));
        }
        for (int i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            float gradient = gradients[i] * gradientScale;
            first[i] = first[i] * _beta1 + gradient * (1 - _beta1);
            second[i] = second[i] * _beta2 + gradient * gradient * (1 - _beta2);
            weights[i] = weights[i] * keep - first[i] * stepSize / (MathF.Sqrt(second[i]) * _rootScale + _epsilon);
        }
    }
}
