namespace MlAttention.Tests.Serving;

/// <summary>A causal model with pre norm, ReLU, sinusoidal positions and a tied head, as its formulas say, in double precision: slow, and easy to check by eye.</summary>
internal sealed class ReferenceCausalModel(SequenceModelOptions model, IReadOnlyList<WeightTensor> weights)
{
    private readonly Dictionary<string, float[]> _weights = weights.ToDictionary(weight => weight.Name, weight => weight.Values);
    private readonly int _width = model.ModelWidth;

    /// <summary>The logits [V] at the last of the tokens.</summary>
    public double[] LogitsAtLast(int[] keys)
    {
        double[][] x = [.. keys.Select(Embed)];                                         // [L][D]
        for (int layer = 0; layer < model.Layers; layer++)
        {
            string name = $"encoder.layers.{layer}.";
            double[][] heads = Attend(name, [.. x.Select(row => Norm(name + "norm1", row))]);
            x = [.. x.Zip(heads, (row, head) => Add(row, Linear(name + "self_attn.out_proj", head)))];
            x = [.. x.Select(row => Add(row, Linear(name + "linear2", [.. Linear(name + "linear1", Norm(name + "norm2", row)).Select(value => Math.Max(value, 0))])))];
        }
        double[] h = Norm("encoder.norm", x[^1]);
        float[] bias = _weights["head.bias"];
        return [.. bias.Select((b, c) => b + Enumerable.Range(0, _width).Sum(i => h[i] * _weights["embedding.weight"][(c + 1) * _width + i]))];      // E h + b, rows 1 to V
    }

    /// <summary>sqrt(D) e(token) + p(position); sines and cosines take turns.</summary>
    private double[] Embed(int key, int position) =>
        [.. Enumerable.Range(0, _width).Select(i =>
        {
            double angle = position * Math.Pow(10000, -2.0 * (i / 2) / _width);
            return Math.Sqrt(_width) * _weights["embedding.weight"][key * _width + i] + (i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        })];

    /// <summary>softmax(q k / sqrt(Dh)) v over the tokens up to each one, the heads one behind the other.</summary>
    private double[][] Attend(string name, double[][] x)
    {
        int headWidth = _width / model.Heads;
        double[][] qkv = [.. x.Select(row => Multiply(_weights[name + "self_attn.in_proj_weight"], _weights[name + "self_attn.in_proj_bias"], row))];
        return [.. x.Select((_, i) => Enumerable.Range(0, model.Heads).SelectMany(head =>
        {
            double[] scores = [.. Enumerable.Range(0, i + 1).Select(j => Enumerable.Range(head * headWidth, headWidth).Sum(f => qkv[i][f] * qkv[j][_width + f]) / Math.Sqrt(headWidth))];
            double sum = scores.Sum(Math.Exp);
            return Enumerable.Range(head * headWidth, headWidth).Select(f => Enumerable.Range(0, i + 1).Sum(j => Math.Exp(scores[j]) / sum * qkv[j][2 * _width + f]));
        }).ToArray())];
    }

    private double[] Norm(string name, double[] x)
    {
        double mean = x.Average(), deviation = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + model.LayerNormEpsilon);
        return [.. x.Select((value, i) => (value - mean) / deviation * _weights[name + ".weight"][i] + _weights[name + ".bias"][i])];
    }

    private double[] Linear(string name, double[] x) => Multiply(_weights[name + ".weight"], _weights[name + ".bias"], x);

    private static double[] Multiply(float[] weight, float[] bias, double[] x) => [.. bias.Select((b, o) => b + x.Select((value, i) => value * weight[o * x.Length + i]).Sum())];

    private static double[] Add(double[] left, double[] right) => [.. left.Zip(right, (one, other) => one + other)];
}
