using System.Globalization;
using MlAttention.Core.Architecture;
using MlAttention.Tests.Datasets;
using MlAttention.Tests.Documentation.Pictures;
using static TorchSharp.torch;

namespace MlAttention.Tests.Attention;

/// <summary>The answers to the exercises of docs/ATTENTION.md, computed; the page says the same.</summary>
public sealed class AttentionExercisesTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "ATTENTION.md"));

    [Fact]
    public void Causal_HidesWhatFollows()
    {
        double[] weights = [.. WorkedExample.Softmax(WorkedExample.Scores[1][..2]), 0];

        Says($"The weights are {Row(weights)}, the output is {Row(WorkedExample.Mix(weights))}.");
    }

    [Fact]
    public void Unscaled_IsSharper() =>
        Says($"{Row(WorkedExample.Softmax(WorkedExample.Products[2]))} instead of {Row(WorkedExample.Weights[2])}");

    [Fact]
    public void Reordered_HasTheSameMean()
    {
        int[] order = [2, 1, 0];
        var (queries, keys, values) = (order.Select(i => WorkedExample.Query[i]).ToArray(), order.Select(i => WorkedExample.Key[i]).ToArray(), order.Select(i => WorkedExample.Value[i]).ToArray());
        double[][] output =
        [
            .. queries.Select(query => WorkedExample.Softmax([.. keys.Select(key => (query[0] * key[0] + query[1] * key[1]) / Math.Sqrt(2))]))
                .Select(weights => new[] { 0, 1 }.Select(column => weights.Zip(values, (weight, value) => weight * value[column]).Sum()).ToArray()),
        ];

        Assert.Equal(WorkedExample.Output.Reverse().Select(Row), output.Select(Row));
        Says($"their mean is {Row([.. new[] { 0, 1 }.Select(column => output.Average(row => row[column]))])} as before");
    }

    [Fact]
    public void Sinusoidal_OfPositionOne()
    {
        double[,] table = SinusoidalTable.Of(2, 4, wavelengthBase: 10000, interleaved: true);

        Says($"sin 1, cos 1, sin 0.01, cos 0.01: {Row([table[1, 0], table[1, 1], table[1, 2], table[1, 3]])}.");
    }

    [Theory, InlineData(5, 3), InlineData(105, 103)]
    public void Rotary_DependsOnTheDistance(int query, int key) =>
        Says($"cos 2 = {Row([Math.Cos(query) * Math.Cos(key) + Math.Sin(query) * Math.Sin(key)])}, both times.");

    [Fact]
    public void Alibi_FadesWithTheDistance() =>
        Says($"softmax(-1, -1/2, 0): {Row(WorkedExample.Softmax([.. new[] { 2, 1, 0 }.Select(distance => -AlibiSlopes.Of(8)[0] * distance)]))}.");

    [Fact]
    public void Window_FormsFewScores()
    {
        using var scope = NewDisposeScope();
        long scores = AttentionMask.LocalWindow(50).ToTensor(1000, 1000).sum().item<long>();

        Says($"{scores.ToString("#,0", CultureInfo.InvariantCulture)} of 1,000,000");
    }

    [Theory, InlineData(1), InlineData(8)]
    public void Heads_ChangeNoParameter(int heads)
    {
        using var attention = new MultiHeadAttention(new AttentionOptions { ModelWidth = 64, Heads = heads });

        Says($"{attention.parameters().Sum(parameter => parameter.numel()).ToString("#,0", CultureInfo.InvariantCulture)}, with any number of heads");
    }

    private static void Says(string answer) => Assert.Contains(answer, s_page, StringComparison.Ordinal);

    private static string Row(double[] numbers) => string.Join(' ', numbers.Select(number => number.ToString("0.00", CultureInfo.InvariantCulture)));
}
