namespace MlAttention;

/// <summary>One named float32 weight in row-major order; linear weights are [out, in], as in PyTorch.</summary>
/// <param name="Name">The parameter's name, for example "encoder.layers.0.self_attn.in_proj_weight".</param>
/// <param name="Shape">The size of each dimension; empty for a scalar.</param>
/// <param name="Values">The values; as many as the product of the shape.</param>
public sealed record WeightTensor(string Name, int[] Shape, float[] Values);

/// <summary>Name, size and role of one weight.</summary>
/// <param name="Name">The parameter's name, for example "encoder.layers.0.self_attn.in_proj_weight".</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Init">How its first values are drawn.</param>
/// <param name="Decays">
/// Whether weight decay applies: to matrices other than embeddings and position parameters, and never to biases, norms and other vectors.
/// </param>
internal sealed record WeightShape(string Name, int[] Shape, WeightInit Init, bool Decays = false)
{
    /// <summary>Where the weight acts: 0 before the layers, i + 1 in layer i, layers + 1 behind them.</summary>
    public int Depth { get; init; }

    /// <summary>What the weight's rows stand for.</summary>
    public RowKind Rows { get; init; }

    /// <summary>Whether the weight is of the classifier's head.</summary>
    public bool IsHead { get; init; }

    /// <summary>Number of values.</summary>
    public int Count => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>The given weights in the order of a layout.</summary>
    /// <exception cref="ArgumentException">A weight is missing, unknown, given twice or of another shape; the message lists all that are.</exception>
    public static WeightTensor[] Match(IReadOnlyList<WeightShape> layout, IReadOnlyList<WeightTensor> weights)
    {
        var given = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var errors = weights.Where(weight => !given.TryAdd(weight.Name, weight)).Select(weight => $"'{weight.Name}' is given more than once.").ToList();
        var matched = new WeightTensor[layout.Count];
        for (int i = 0; i < matched.Length; i++)
        {
            var (name, shape) = (layout[i].Name, layout[i].Shape);
            if (!given.Remove(name, out var weight)) errors.Add($"'{name}' is missing.");
            else if (!weight.Shape.AsSpan().SequenceEqual(shape)) errors.Add($"{name} must have shape [{string.Join(',', shape)}]; got [{string.Join(',', weight.Shape)}].");
            else matched[i] = weight;
        }
        errors.AddRange(given.Keys.Select(name => $"The model has no weight '{name}'."));
        return errors.Count == 0 ? matched : throw new ArgumentException(string.Join(' ', errors), nameof(weights));
    }
}
