using MlAttention.Architecture;
using MlAttention.Randomness;

namespace MlAttention.Weights;

/// <summary>
/// Initial weights from the seed and each weight's name alone: both engines, and all variants of a seed, share the weights
/// that they have in common, and torch's random state plays no part.
/// </summary>
/// <remarks>
/// | weight | values |
/// |---|---|
/// | embedding | normal, standard deviation D^-0.5, so that tokens have unit variance after the factor sqrt(D); padding and unknown are zero |
/// | in_proj_weight, relative position vectors | uniform +-sqrt(6 / (rows + columns)) (Glorot and Bengio 2010), as torch.nn.MultiheadAttention |
/// | in_proj_bias, out_proj.bias, pooling.query | 0: attention pooling starts as the mean |
/// | norm weights and biases | 1 and 0 |
/// | positions.weight | normal, standard deviation sqrt(1/2): the root mean square of the sinusoidal encoding, so that both start alike |
/// | positions.bias | normal, standard deviation 1: the scale of the scores it is added to |
/// | other matrices, and their biases | uniform +-inputs^-0.5, as torch.nn.Linear |
/// </remarks>
internal static class WeightInitializer
{
    private const double BiasDeviation = 1;
    private static readonly double LearnedPositionDeviation = Math.Sqrt(0.5);

    /// <summary>Values for all weights of a model.</summary>
    /// <param name="layout">The weights' names and shapes.</param>
    /// <param name="model">The architecture; tells whether the embedding's last row is a CLS token.</param>
    /// <param name="seed">The run's seed.</param>
    public static IReadOnlyList<WeightTensor> Create(IReadOnlyList<WeightShape> layout, SequenceModelOptions model, int seed)
    {
        var shapes = layout.ToDictionary(weight => weight.Name, weight => weight.Shape);
        return layout.Select(weight => new WeightTensor(weight.Name, weight.Shape, Values(weight, shapes, model, seed))).ToArray();
    }

    private static float[] Values(WeightShape weight, Dictionary<string, int[]> shapes, SequenceModelOptions model, int seed)
    {
        var name = weight.Name;
        var shape = weight.Shape;
        var values = new float[weight.Count];
        var random = Xoshiro256.For(seed, name);
        var vectorDeviation = 1 / Math.Sqrt(model.ModelWidth);
        if (name == "embedding.weight") FillEmbedding(random, values, model, vectorDeviation);
        else if (name == "positions.weight") FillNormal(random, values, LearnedPositionDeviation);
        else if (name == "positions.bias") FillNormal(random, values, BiasDeviation);
        else if (IsNormScale(name)) Array.Fill(values, 1f);
        else if (name.EndsWith("in_proj_weight", StringComparison.Ordinal) || name.Contains("positions.", StringComparison.Ordinal))
            FillUniform(random, values, Math.Sqrt(6.0 / (shape[0] + shape[1])));
        else if (!StartsAtZero(name)) FillUniform(random, values, 1 / Math.Sqrt(Inputs(name, shape, shapes)));
        return values;
    }

    private static bool IsNormScale(string name) =>
        name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);

    private static bool StartsAtZero(string name) =>
        name == "pooling.query"
        || name.EndsWith("in_proj_bias", StringComparison.Ordinal)
        || name.EndsWith("out_proj.bias", StringComparison.Ordinal)
        || name.Contains("norm", StringComparison.Ordinal);

    /// <summary>Inputs of the linear map that the weight belongs to: all but the first dimension of the matrix beside a bias.</summary>
    private static int Inputs(string name, int[] shape, Dictionary<string, int[]> shapes)
    {
        var matrix = shape;
        if (shape.Length < 2 && !shapes.TryGetValue(name.Replace("bias", "weight", StringComparison.Ordinal), out matrix)) matrix = shape;
        var inputs = matrix.Length < 2 ? matrix : matrix[1..];
        return Math.Max(1, inputs.Aggregate(1, (product, size) => product * size));
    }

    private static void FillEmbedding(Xoshiro256 random, float[] values, SequenceModelOptions model, double deviation)
    {
        FillNormal(random, values, deviation);
        var width = model.ModelWidth;
        var rows = values.Length / width;
        var unknown = rows - 1 - model.SpecialTokens;
        values.AsSpan(0, width).Clear();
        values.AsSpan(unknown * width, width).Clear();
    }

    private static void FillNormal(Xoshiro256 random, float[] values, double deviation)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (float)(random.NextNormal() * deviation);
    }

    private static void FillUniform(Xoshiro256 random, float[] values, double bound)
    {
        for (var i = 0; i < values.Length; i++) values[i] = (float)((2 * random.NextDouble() - 1) * bound);
    }
}
