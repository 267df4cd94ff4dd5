using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>The gradient of every row of token types, against differences of the loss.</summary>
public class TokenTypeGradientTests
{
    private const int Separator = 3, Types = 3, Width = 6;
    private const float Step = 1e-2f;
    private static readonly int[] s_labels = [0, 1, 2, 1];

    public static TheoryData<int> Lanes => [.. new[] { 128, LaneWidth.Widest }.Distinct()];

    [Theory, MemberData(nameof(Lanes))]
    public void Accumulate_TextsOfParts_GivesEachTypeItsGradient(int lanes)
    {
        var model = new SequenceModelOptions
        {
            ModelWidth = Width, Heads = 2, Layers = 1, FeedForwardWidth = 7, MaxLength = 11, Dropout = 0, TokenTypes = Types, SeparatorKey = Separator, EmbeddingNorm = true, Positions = PositionScheme.Learned,
        };
        var configuration = new TrainingOptions { Seed = 5, LabelSmoothing = 0, Compute = new() { Threads = 1 } }.Configure(model, 9, 3);
        using var engine = TestEngine.Create(configuration, lanes);
        var random = new Random(11);
        WeightTensor[] weights = [.. engine.Engine.GetWeights().Select(weight => weight with { Values = [.. weight.Values.Select((value, i) => weight.Name == WeightLayout.EmbeddingName && i < Width ? 0 : value + 0.3f * (random.NextSingle() - 0.5f))] })];
        engine.Engine.SetWeights(weights);
        var batch = Batch();

        engine.Engine.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1);
        var gradient = engine.Gradients().Single(weight => weight.Name == WeightLayout.TokenTypesName).Values;

        for (int i = 0; i < Types * Width; i++)
        {
            double expected = (Loss(i, Step) - Loss(i, -Step)) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) <= 1e-3 + 0.02 * Math.Abs(expected), FormattableString.Invariant($"token type {i / Width}, number {i % Width}: differences give {expected}, the engine {gradient[i]}"));
        }
        Assert.All(Enumerable.Range(0, Types), type => Assert.Contains(gradient[(type * Width)..((type + 1) * Width)], value => Math.Abs(value) > 1e-2));

        double Loss(int changed, float by)
        {
            WeightTensor[] moved = [.. weights.Select(weight => weight.Name != WeightLayout.TokenTypesName ? weight : weight with { Values = [.. weight.Values.Select((value, i) => i == changed ? value + by : value)] })];
            float[] logits = new float[batch.Rows * 3];
            TestEngine.Scorer(configuration, moved, lanes).Score(batch, logits);
            return Enumerable.Range(0, batch.Rows).Average(row =>
            {
                double[] ofRow = [.. logits[(row * 3)..(row * 3 + 3)].Select(logit => (double)logit)];
                return Math.Log(ofRow.Sum(Math.Exp)) - ofRow[s_labels[row]];
            });
        }
    }

    /// <summary>Rows of one, two, three and four parts; the fourth part has the last type too.</summary>
    private static TokenBatch Batch()
    {
        int[][] rows = [[1, 2, 4], [1, Separator, 5, 6], [2, Separator, Separator, 7], [4, Separator, 1, Separator, 2, Separator, 8, 1]];
        const int Length = 8;
        return new()
        {
            Rows = rows.Length, Length = Length, Tokens = [.. rows.SelectMany(row => row.Concat(Enumerable.Repeat(0, Length - row.Length)))],
            Lengths = [.. rows.Select(row => row.Length)], Targets = s_labels,
        };
    }
}
