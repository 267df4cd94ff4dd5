namespace MlAttention.Torch.Engine;

/// <summary>The trained parameters of a module: copied in and out, and updated from plain C# in their own memory.</summary>
internal sealed class TorchParameters
{
    /// <summary>All parameters of the module, which stays their owner.</summary>
    /// <param name="module">The module.</param>
    /// <param name="layout">The weights that the module has, in any order; null where nothing trains them.</param>
    /// <param name="isFrozen">Which weights get no gradient; null for none.</param>
    public TorchParameters(nn.Module module, IReadOnlyList<WeightShape>? layout = null, Func<WeightShape, bool>? isFrozen = null)
    {
        var named = module.named_parameters().ToArray();
        All = [.. named.Select(pair => pair.parameter)];
        var roles = layout?.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        Layout = [.. named.Select(pair => (roles?[pair.name] ?? new(pair.name, [], WeightInit.Zero)) with { Shape = Array.ConvertAll(pair.parameter.shape, size => checked((int)size)) })];
        for (var i = 0; i < All.Count; i++)
            if (isFrozen?.Invoke(Layout[i]) == true) All[i].requires_grad = false;
    }

    /// <summary>The parameters in the module's order.</summary>
    public IReadOnlyList<Parameter> All { get; }

    /// <summary>Names and shapes in the module's order.</summary>
    public IReadOnlyList<WeightShape> Layout { get; }

    /// <summary>A copy of all values, in new arrays or in those of an earlier copy.</summary>
    public IReadOnlyList<WeightTensor> Get(IReadOnlyList<WeightTensor>? earlier = null)
    {
        using var scope = NewDisposeScope();
        if (earlier is not (null or []))
        {
            foreach (var (weight, parameter) in WeightShape.Match(Layout, earlier).Zip(All)) parameter.cpu().Floats().CopyTo(weight.Values);
            return earlier;
        }
        return [.. All.Select((parameter, i) => new WeightTensor(Layout[i].Name, Layout[i].Shape, parameter.ToFloats()))];
    }

    /// <summary>Replaces all values.</summary>
    /// <exception cref="ArgumentException">A name or a shape differs; the message lists all that do.</exception>
    public void Set(IReadOnlyList<WeightTensor> weights)
    {
        var matched = WeightShape.Match(Layout, weights);
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < All.Count; i++)
            All[i].copy_(tensor(matched[i].Values, Array.ConvertAll(Layout[i].Shape, size => (long)size)));
    }

    /// <summary>Clips the gradients, lets the optimizer change the values, and leaves the gradients to the caller.</summary>
    /// <returns>The gradients' norm before clipping; nothing is changed when it is not finite.</returns>
    /// <remarks>
    /// For a CPU: the optimizer works in the tensors' own memory, one fused pass instead of several tensor operations for each
    /// parameter. For another device see <see cref="TensorOptimizer"/>.
    /// </remarks>
    public double Step(Optimizer optimizer, double learningRate)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var gradients = All.Select(parameter => parameter.grad).ToArray();
        var norm = Math.Sqrt(gradients.Sum(gradient => gradient is null ? 0 : Optimizer.SumOfSquares(gradient.Floats())));
        if (!double.IsFinite(norm)) return norm;

        optimizer.BeginStep(learningRate);
        var scale = optimizer.ClipScale(norm);
        for (var i = 0; i < All.Count; i++)
            if (gradients[i] is { } gradient) optimizer.Update(i, All[i].Floats(), gradient.Floats(), scale);
        return norm;
    }
}
