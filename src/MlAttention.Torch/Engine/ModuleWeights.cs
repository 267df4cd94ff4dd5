namespace MlAttention;

/// <summary>Copies the weights of a TorchSharp module out of it and into it, under the names of its state.</summary>
public static class ModuleWeights
{
    /// <summary>A copy of all parameters and saved buffers, in the module's order, as float32.</summary>
    /// <param name="module">The module.</param>
    public static IReadOnlyList<WeightTensor> Get(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return [.. State(module).Select(entry => new WeightTensor(entry.Name, Shape(entry.Tensor), entry.Tensor.ToFloats()))];
    }

    /// <summary>Replaces all parameters and saved buffers; nothing is changed when a name or a shape differs.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weights">As many tensors as the module has, in any order.</param>
    /// <exception cref="ArgumentException">Names or shapes differ; the message lists all that do.</exception>
    public static void Set(nn.Module module, IReadOnlyList<WeightTensor> weights)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(weights);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var state = State(module).ToList();
        Check(state, weights);
        var byName = weights.ToDictionary(weight => weight.Name);
        foreach (var (name, target) in state) target.copy_(tensor(byName[name].Values).reshape(target.shape));
    }

    private static IEnumerable<(string Name, Tensor Tensor)> State(nn.Module module) =>
        module.named_parameters().Select(entry => (entry.Item1, (Tensor)entry.Item2))
            .Concat(module.named_buffers(include_nonpersistent: false));

    private static void Check(List<(string Name, Tensor Tensor)> state, IReadOnlyList<WeightTensor> weights)
    {
        var given = weights.ToLookup(weight => weight.Name);
        var expected = state.Select(entry => entry.Name).ToHashSet();
        var errors = new List<string>();
        foreach (var (name, target) in state)
        {
            var shape = Shape(target);
            switch (given[name].ToList())
            {
                case []: errors.Add($"{name} [{string.Join(',', shape)}] is missing"); break;
                case [var weight] when !weight.Shape.SequenceEqual(shape): errors.Add($"{name} must have shape [{string.Join(',', shape)}], got [{string.Join(',', weight.Shape)}]"); break;
                case [var weight] when weight.Values.Length != target.numel(): errors.Add($"{name} needs {target.numel()} values, got {weight.Values.Length}"); break;
                case [_, _, ..]: errors.Add($"{name} is given more than once"); break;
                default: break;
            }
        }
        errors.AddRange(given.Where(group => !expected.Contains(group.Key)).Select(group => $"{group.Key} is not known to the module"));
        if (errors.Count > 0) throw new ArgumentException($"The weights do not fit the module ({errors.Count} differ): {string.Join("; ", errors)}.", nameof(weights));
    }

    private static int[] Shape(Tensor tensor) => Array.ConvertAll(tensor.shape, size => (int)size);
}
