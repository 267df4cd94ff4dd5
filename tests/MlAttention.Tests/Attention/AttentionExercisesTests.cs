using System.Globalization;
using MlAttention.Core.Architecture;
using MlAttention.Tests.Datasets;
using MlAttention.Tests.Documentation.Pictures;
using MlAttention.Tests.Golden;
using MlAttention.Torch.Attention;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The answers to the exercises of docs/EXERCISES.md, computed; the page says the same.</summary>
public sealed class AttentionExercisesTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "EXERCISES.md"));

    [Fact]
    public void Unmasked_SeesWhatFollows() => Says(1, $"the: {Row(WorkedExample.Softmax(WorkedExample.ByMeaning.Scores[0]))}.");

    [Fact]
    public void Unscaled_IsSharper() =>
        Says(2, $"{Row(WorkedExample.Softmax(WorkedExample.ByMeaning.Products[2]))} instead of {Row(WorkedExample.ByMeaning.Weights[2])}:");

    [Theory]
    [InlineData(3, "53_self_attention_1", "{0} and {1}.")]
    [InlineData(4, "53_self_attention_2", "{0} and {1}.")]
    [InlineData(12, "53_self_attention_3", "{0}, {1} and {2}.")]
    [InlineData(20, "94_description_example", "{0} and {1}.")]
    public void Published_Rows_AreThoseOfTheLayer(int exercise, string name, string answer) =>
        Says(exercise, string.Format(CultureInfo.InvariantCulture, answer, [.. Published(name).Select(Row)]));

    [Fact]
    public void Published_SaturatedScores_GiveOneValue()
    {
        var (free, causal, values) = (Published("94_multi_head_1"), Published("107_masked_2"), Values("107_masked_2"));

        Assert.All(free.Concat(causal.Skip(1)), row => Assert.Equal(Whole(values[1]), Whole(row)));
        Assert.Equal(Whole(values[0]), Whole(causal[0]));
        Says(13, $"{Whole(free[0])}, the value of the second token.");
        Says(14, $"{Whole(causal[0])}. The others still choose the second token: {Whole(causal[1])}.");
    }

    [Fact]
    public void Sinusoidal_PublishedTables_AreOurs()
    {
        double[][] narrow = Table(2, 8), wide = Table(5, 16);

        Assert.Equal(Cells("85_positional_encoding_2x8"), narrow.Select(Row));
        Assert.Equal(Cells("85_positional_encoding_5x16"), wide.Select(Row));
        Says(5, $"{Row(narrow[0])}, then {Row(narrow[1])}.");
        Says(6, $"{Row(wide[4][..4])}.");
    }

    [Fact]
    public void PaddingAndCausal_AllowFewerPairs() => Says(7, $"{Pairs(AttentionMask.Padding([6], 8) & AttentionMask.Causal(), 8)} of 64:");

    [Fact]
    public void Window_FormsFewScores() => Says(8, $"{Grouped(Pairs(AttentionMask.LocalWindow(50), 1000))} of 1,000,000:");

    [Fact]
    public void Alibi_FadesWithTheDistance() =>
        Says(9, $"softmax(-1, -1/2, 0): {Row(WorkedExample.Softmax([.. new[] { 2, 1, 0 }.Select(distance => -AlibiSlopes.Of(8)[0] * distance)]))}.");

    [Theory, InlineData(5, 3), InlineData(105, 103)]
    public void Rotary_DependsOnTheDistance(int query, int key)
    {
        using var scope = NewDisposeScope();
        using var positions = new RotaryPositions(2);
        var (queries, keys) = positions.TransformQueryKey(tensor(new double[] { 1, 0 }).expand(1, 1, 106, 2), tensor(new double[] { 1, 0 }).expand(1, 1, 106, 2));

        Says(10, $"cos 2 = {Row([queries[0, 0, query].dot(keys[0, 0, key]).item<double>()])}, both times");
    }

    [Fact]
    public void Reordered_HasTheSameMean()
    {
        using var scope = NewDisposeScope();
        var words = WorkedExample.Matrix(WorkedExample.Embeddings);
        var (output, reordered) = (Attend(words), Attend(words.flip(0)));

        TensorAssert.Close(output.flip(0), reordered, 1e-12);
        Says(11, $"their mean is {Row(reordered.mean([0]).data<double>())} as before");

        static Tensor Attend(Tensor x)
        {
            using var layer = new SelfAttention(4, 2, 2);
            layer.to(ScalarType.Float64);
            var head = WorkedExample.ByMeaning;
            GoldenLayer.SetParameters(layer, new()
            {
                ["attention.query.weight"] = WorkedExample.Matrix(head.QueryWeights).t(),
                ["attention.key.weight"] = WorkedExample.Matrix(head.KeyWeights).t(),
                ["attention.value.weight"] = WorkedExample.Matrix(head.ValueWeights).t(),
            });
            return layer.call(x.unsqueeze(0), null).squeeze(0).detach();
        }
    }

    [Theory, InlineData(1), InlineData(8)]
    public void Parameters_DoNotDependOnTheHeads(int heads)
    {
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 64, Heads = heads });
        using var layer = new EncoderLayer(new EncoderLayerOptions { ModelWidth = 64, Heads = heads, FeedForwardWidth = 128 });

        Says(15, $"{Grouped(attention.parameters().Sum(parameter => parameter.numel()))}, with any number of heads. The layer: {Grouped(layer.parameters().Sum(parameter => parameter.numel()))},");
    }

    [Fact]
    public void Cache_GrowsWithTheText() => Says(16, $"{(2 * 768 * sizeof(float) * 12 * 1000 / 1e6).ToString("0.0", CultureInfo.InvariantCulture)} MB");

    [Fact]
    public void Windows_ReachFurtherLayerByLayer()
    {
        using var scope = NewDisposeScope();
        var layer = AttentionMask.LocalWindow(2).ToTensor(20, 20).reshape(20, 20).to(ScalarType.Float32);
        float[] reached = layer.matmul(layer)[0].data<float>().ToArray();

        Says(17, $"{Array.FindLastIndex(reached, paths => paths > 0)}:");
    }

    [Fact]
    public void Buckets_AreCoarseFarAway()
    {
        int[] shared = [.. Enumerable.Range(1, 200).Where(distance => Bucket(distance) == Bucket(20))];

        Assert.Equal(shared.Length, shared[^1] - shared[0] + 1);
        Says(18, $"{shared[0]} to {shared[^1]}:");

        static int Bucket(int distance) => RelativeBuckets.Of(distance, buckets: 32, maxDistance: 128, bidirectional: true);
    }

    [Fact]
    public void Associativity_SavesMultiplications()
    {
        const long Tokens = 1000, Width = 64;

        Says(19, $"{Grouped(2 * Tokens * Tokens * Width)} and 2 n 64² = {Grouped(2 * Tokens * Width * Width)}.");
    }

    [Fact]
    public void SymmetricAlibi_ReversesWithTheText()
    {
        using var scope = NewDisposeScope();
        using var positions = new AlibiPositions(heads: 2);
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 4, Heads = 2 }, positions);
        var x = WorkedExample.Matrix(WorkedExample.Embeddings).to(ScalarType.Float32).unsqueeze(0);
        var reversed = x.flip(1);
        double difference = attention.call(x, x, x, null).mean([1]).sub(attention.call(reversed, reversed, reversed, null).mean([1])).abs().max().item<float>();

        Says(21, $"the difference is {Row([difference])}.");
    }

    /// <summary>The output of a published problem, from this library's attention; the numbers that were published are the same but for the one that misprints its own example.</summary>
    private static double[][] Published(string name)
    {
        using var scope = NewDisposeScope();
        using var score = new ScaledDotProductScore();
        var problem = GoldenFile.Load("deep_ml.json")[name];
        var mask = problem.Has("causal") ? AttentionMask.Causal() : null;
        var heads = new FullAttention().Attend(new AttentionInputs(Projected("q"), Projected("k"), Projected("v"), score) { Mask = mask }).Output;
        double[][] output = Rows(heads.transpose(1, 2).flatten(2).squeeze(0));
        if (name != "94_description_example") Assert.Equal(Rows(problem.Tensor("published", ScalarType.Float64)).Select(Row), output.Select(Row));
        return output;

        Tensor Projected(string part)
        {
            var projected = problem.Has("X") ? problem.Tensor("X", ScalarType.Float64).matmul(problem.Tensor($"W_{part}", ScalarType.Float64)) : problem.Tensor(part.ToUpperInvariant(), ScalarType.Float64);
            return projected.view(1, projected.shape[0], problem.Integer("n_heads"), -1).transpose(1, 2);
        }
    }

    private static double[][] Values(string name)
    {
        using var scope = NewDisposeScope();
        var problem = GoldenFile.Load("deep_ml.json")[name];
        return Rows(problem.Tensor("X", ScalarType.Float64).matmul(problem.Tensor("W_v", ScalarType.Float64)));
    }

    private static IEnumerable<string> Cells(string name)
    {
        using var scope = NewDisposeScope();
        return [.. Rows(GoldenFile.Load("deep_ml.json")[name].Tensor("output", ScalarType.Float64)).Select(Row)];
    }

    private static double[][] Table(int length, int width)
    {
        using var scope = NewDisposeScope();
        return Rows(tensor(SinusoidalPositions.Table(length, width)));
    }

    private static long Pairs(AttentionMask mask, int tokens)
    {
        using var scope = NewDisposeScope();
        return mask.ToTensor(tokens, tokens).expand(1, 1, tokens, tokens).sum().item<long>();
    }

    private static double[][] Rows(Tensor matrix) => [.. Enumerable.Range(0, (int)matrix.shape[0]).Select(row => matrix[row].contiguous().data<double>().ToArray())];

    /// <summary>The answer with this number begins or goes on with these words.</summary>
    private static void Says(int exercise, string answer) =>
        Assert.Contains(answer, s_page.Split("<details>")[1].Split('\n').Single(line => line.StartsWith($"{exercise}. ", StringComparison.Ordinal)), StringComparison.Ordinal);

    private static string Row(IEnumerable<double> numbers) => MatrixDrawing.Row(numbers);

    private static string Whole(double[] numbers) => string.Join(' ', numbers.Select(number => number.ToString("0", CultureInfo.InvariantCulture)));

    private static string Grouped(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
