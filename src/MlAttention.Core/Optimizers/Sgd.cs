using System.Numerics;

namespace MlAttention.Core.Optimizers;

/// <summary>Stochastic gradient descent with momentum.</summary>
/// <remarks>
/// g := g + decay w; m := g in the first step, then momentum m + g; w := w - rate m.
/// Source: Sutskever et al. 2013, in the form of torch.optim.SGD.
/// </remarks>
internal sealed class Sgd(IReadOnlyList<WeightShape> layout, OptimizerOptions options) : Optimizer(layout, options)
{
    private double _learningRate;

    protected override IReadOnlyList<string> MomentNames => ["first"];

    protected override void BeginStepCore(double learningRate) => _learningRate = learningRate;

    public override void Update(int index, Span<float> weights, ReadOnlySpan<float> gradients, float gradientScale, int start = 0)
    {
        float rate = (float)(_learningRate * RateFactor(index));
        float decay = Layout[index].Decays ? (float)Options.WeightDecay : 0;
        float momentum = (float)Options.Momentum;
        var moment = Moment(0, index, start, weights.Length);
        gradients = gradients[..weights.Length];

        var w = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var g = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        var m = MemoryMarshal.Cast<float, Vector<float>>(moment);
        for (int i = 0; i < w.Length; i++)
        {
            m[i] = m[i] * momentum + g[i] * gradientScale + w[i] * decay;
            w[i] -= m[i] * rate;
        }
        for (int i = w.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            moment[i] = moment[i] * momentum + gradients[i] * gradientScale + decay * weights[i];
            weights[i] -= rate * moment[i];
        }
    }
}
