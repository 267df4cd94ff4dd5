namespace MlAttention.Torch.Engine;

/// <summary>The rules of <see cref="OptimizerKind.AdamW"/> and <see cref="OptimizerKind.Sgd"/> as tensor operations: on a GPU nothing leaves the device but the gradients' norm.</summary>
/// <remarks>The optimizer of the host counts the steps, clips, and gives the state its form; the moments are tensors, freed by the garbage collector.</remarks>
internal sealed class TensorOptimizer(OptimizerOptions options, Optimizer host, IReadOnlyList<Parameter> parameters, IReadOnlyList<WeightShape> layout)
{
    // The first moments of all parameters, then the second ones, as in the state, where the number of steps comes before them.
    private readonly Tensor[] _moments = [.. host.GetState().Skip(1).Select((_, i) => zeros_like(parameters[i % parameters.Count]).DetachFromDisposeScope())];

    /// <summary>As <see cref="TorchParameters.Step"/>.</summary>
    public double Step(double learningRate)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor?[] gradients = [.. parameters.Select(parameter => parameter.grad)];
        var squares = gradients.OfType<Tensor>().Select(gradient => gradient.pow(Number(2)).sum(ScalarType.Float64));
        var norm = Math.Sqrt(stack(squares).sum().item<double>());
        if (!double.IsFinite(norm)) return norm;

        host.BeginStep(learningRate);
        var scale = host.ClipScale(norm);
        for (var i = 0; i < gradients.Length; i++)
            if (gradients[i] is { } gradient) Update(i, gradient * Number(scale), learningRate * host.RateFactor(i));
        return norm;
    }

    public IReadOnlyList<WeightTensor> GetState()
    {
        using var scope = NewDisposeScope();
        return [.. host.GetState().Select((entry, i) => i == 0 ? entry : entry with { Values = _moments[i - 1].ToFloats() })];
    }

    public void SetState(IReadOnlyList<WeightTensor> state)
    {
        using var scope = NewDisposeScope();
        host.SetState(state);
        foreach (var (moment, entry) in _moments.Zip(host.GetState().Skip(1))) moment.copy_(tensor(entry.Values).reshape(moment.shape));
    }

    private void Update(int index, Tensor gradient, double rate)
    {
        using var scope = NewDisposeScope();
        var (weights, first) = (parameters[index], _moments[index]);
        var decay = layout[index].Decays ? options.WeightDecay : 0;
        if (options.Kind == OptimizerKind.Sgd)
        {
            first.mul_(Number(options.Momentum)).Add(gradient.Plus(weights * Number(decay)));
            weights.sub_(first * Number(rate));
            return;
        }
        var second = _moments[parameters.Count + index];
        var (beta1, beta2) = ((float)options.Beta1, (float)options.Beta2); // 1 - beta is rounded as on the host
        first.mul_(Number(beta1)).Add(gradient * Number(1 - beta1));
        second.mul_(Number(beta2)).Add(gradient * gradient * Number(1 - beta2));
        var root = second.sqrt() / Number(Math.Sqrt(1 - Math.Pow(options.Beta2, host.Steps)));
        var stepSize = rate / (1 - Math.Pow(options.Beta1, host.Steps));
        weights.mul_(Number(1 - rate * decay)).sub_(first * Number(stepSize) / root.Plus(options.Epsilon));
    }
}
