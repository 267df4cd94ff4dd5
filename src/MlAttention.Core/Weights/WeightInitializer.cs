namespace MlAttention.Core.Weights;

/// <summary>
/// Initial weights from the seed and each weight's name alone: both engines, and all variants of a seed, share the weights
/// that they have in common, and torch's random state plays no part.
/// </summary>
/// <remarks>
/// | weight | values |
/// |---|---|
/// | embedding | normal, standard deviation D^-0.5, so that tokens have unit variance after the factor sqrt(D), or 1 without the factor; padding and unknown are zero |
/// | in_proj_weight, relative position vectors | uniform +-sqrt(6 / (rows + columns)) (Glorot and Bengio 2010), as torch.nn.MultiheadAttention |
/// | in_proj_bias, out_proj.bias, pooling.query, token_types | 0: attention pooling starts as the mean, a token type as nothing |
/// | norm weights and biases | 1 and 0 |
/// | positions.weight | normal, standard deviation sqrt(1/2): the root mean square of the sinusoidal encoding, so that both start alike |
/// | positions.bias | normal, standard deviation 1: the scale of the scores it is added to |
/// | other matrices, and their biases | uniform +-inputs^-0.5, as torch.nn.Linear |
/// </remarks>
internal static class WeightInitializer
{
    /// <summary>Values for all weights of a model.</summary>
    /// <param name="layout">The weights' names, shapes and roles.</param>
    /// <param name="seed">The run's seed.</param>
    public static IReadOnlyList<WeightTensor> Create(IReadOnlyList<WeightShape> layout, int seed) => Create(layout, seed, []);

    /// <summary>The given weights, and values for all others.</summary>
    /// <param name="layout">The weights' names, shapes and roles.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="given">Weights in place of those of the same name.</param>
    public static IReadOnlyList<WeightTensor> Create(IReadOnlyList<WeightShape> layout, int seed, IReadOnlyList<WeightTensor> given)
    {
        var byName = given.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
        return [.. layout.Select(weight => byName.TryGetValue(weight.Name, out var tensor) ? tensor : New(weight))];

        WeightTensor New(WeightShape weight)
        {
            float[] values = new float[weight.Count];
            Fill(weight, seed, values);
            return new(weight.Name, weight.Shape, values);
        }
    }

    /// <summary>Writes the values of one weight.</summary>
    public static void Fill(WeightShape weight, int seed, Span<float> values)
    {
        var random = Xoshiro256.For(seed, weight.Name);
        var init = weight.Init;
        switch (init.Rule)
        {
            case WeightRule.Constant: values.Fill((float)init.Scale); break;
            case WeightRule.Normal: foreach (ref float value in values) value = (float)(random.NextNormal() * init.Scale); break;
            case WeightRule.Uniform: foreach (ref float value in values) value = (float)((2 * random.NextDouble() - 1) * init.Scale); break;
            default: throw new ArgumentOutOfRangeException(nameof(weight), init.Rule, "This rule is not known.");
        }
        foreach (int row in init.ZeroRows) values.Slice(row * weight.Shape[1], weight.Shape[1]).Clear();
    }
}

/// <summary>How a weight's first values are drawn.</summary>
internal enum WeightRule
{
    /// <summary>All are the scale.</summary>
    Constant,
    /// <summary>Normal; the scale is the standard deviation.</summary>
    Normal,
    /// <summary>Uniform between minus and plus the scale.</summary>
    Uniform,
}

/// <summary>A rule with its scale, which follows from the weight's role.</summary>
internal sealed record WeightInit(WeightRule Rule, double Scale)
{
    /// <summary>Rows that start at zero, whatever the rule.</summary>
    public int[] ZeroRows { get; private init; } = [];

    /// <summary>All 0.</summary>
    public static WeightInit Zero { get; } = new(WeightRule.Constant, 0);

    /// <summary>All 1.</summary>
    public static WeightInit One { get; } = new(WeightRule.Constant, 1);

    /// <summary>Learned positions: the root mean square of the sinusoidal encoding.</summary>
    public static WeightInit Positions { get; } = new(WeightRule.Normal, Math.Sqrt(0.5));

    /// <summary>A bias on scores: their scale.</summary>
    public static WeightInit ScoreBias { get; } = new(WeightRule.Normal, 1);

    /// <summary>Token vectors [rows, width]: unit variance after the factor sqrt(width); padding and the unknown token are zero.</summary>
    public static WeightInit Tokens(int width, int unknownRow) => new(WeightRule.Normal, 1 / Math.Sqrt(width)) { ZeroRows = [0, unknownRow] };

    /// <summary>A linear map and its bias, as torch.nn.Linear.</summary>
    public static WeightInit OfInputs(int inputs) => new(WeightRule.Uniform, 1 / Math.Sqrt(Math.Max(1, inputs)));

    /// <summary>Glorot and Bengio 2010.</summary>
    public static WeightInit Glorot(int rows, int columns) => new(WeightRule.Uniform, Math.Sqrt(6.0 / (rows + columns)));
}
