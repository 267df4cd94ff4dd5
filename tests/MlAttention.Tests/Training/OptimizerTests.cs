using MlAttention.Core.Optimizers;
using MlAttention.Core.Weights;

namespace MlAttention.Tests.Training;

public class OptimizerTests
{
    private const int Count = 37;
    private static readonly WeightShape[] Layout = [new("head.weight", [1, Count], WeightInit.Zero, Decays: true), new("head.bias", [Count], WeightInit.Zero)];

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Update_SeveralSteps_FollowsTheDefinition(OptimizerKind kind)
    {
        var options = new OptimizerOptions { Kind = kind, WeightDecay = 0.1, Beta1 = 0.8, Beta2 = 0.9, Momentum = 0.7, Epsilon = 1e-3 };
        var optimizer = Optimizer.Create(Layout, options);
        var weights = Layout.Select(_ => Enumerable.Range(0, Count).Select(i => MathF.Sin(i)).ToArray()).ToArray();
        var expected = Layout.Select((weight, index) => Enumerable.Range(0, Count).Select(i => Expected(options, weight.Decays, MathF.Sin(i), i + index)).ToArray()).ToArray();

        for (var step = 1; step <= 4; step++)
        {
            optimizer.BeginStep(0.01 * step);
            for (var index = 0; index < 2; index++)
                optimizer.Update(index, weights[index], [.. Enumerable.Range(0, Count).Select(i => (float)Gradient(step, i + index))], 0.5f);
        }

        for (var index = 0; index < 2; index++)
            for (var i = 0; i < Count; i++) Assert.Equal(expected[index][i], weights[index][i], 2e-6);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Update_InParts_GivesTheBitsOfTheWhole(OptimizerKind kind)
    {
        var (whole, parts) = (Optimizer.Create(Layout, new() { Kind = kind }), Optimizer.Create(Layout, new() { Kind = kind }));
        float[] expected = [.. Enumerable.Range(0, Count).Select(i => MathF.Sin(i))], actual = [.. expected];
        for (var step = 1; step <= 3; step++)
        {
            float[] gradients = [.. Enumerable.Range(0, Count).Select(i => (float)Gradient(step, i))];
            whole.BeginStep(0.1);
            parts.BeginStep(0.1);
            whole.Update(0, expected, gradients, 0.3f);
            foreach (var (start, count) in new[] { (19, 18), (0, 3), (3, 16) })
                parts.Update(0, actual.AsSpan(start, count), gradients.AsSpan(start, count), 0.3f, start);
        }
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void RateFactor_LayersAndHead_FollowFromTheDepth()
    {
        var model = new SequenceModelOptions { ModelWidth = 4, Heads = 2, FeedForwardWidth = 5, Layers = 3, EmbeddingNorm = true, TokenTypes = 1, Positions = PositionScheme.Learned, Head = HeadKind.Tanh, Pooling = PoolingKind.Attention };
        var layout = WeightLayout.Of(model, 7, 2);
        var optimizer = Optimizer.Create(layout, new() { LayerDecay = 0.5, HeadRate = 10 });

        var expected = new Dictionary<string, double>
        {
            ["embedding.weight"] = 0.125, ["positions.weight"] = 0.125, ["token_types.weight"] = 0.125, ["embedding_norm.bias"] = 0.125,
            ["encoder.layers.0.linear1.weight"] = 0.25, ["encoder.layers.1.norm2.bias"] = 0.5, ["encoder.layers.2.self_attn.in_proj_bias"] = 1,
            ["encoder.norm.weight"] = 1, ["pooling.query"] = 1, ["head.dense.weight"] = 10, ["head.weight"] = 10, ["head.bias"] = 10,
        };
        foreach (var (name, factor) in expected) Assert.Equal(factor, optimizer.RateFactor(layout.Select(weight => weight.Name).ToList().IndexOf(name)), 1e-12);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Sgd)]
    public void Update_RateFactor_IsAnotherRate(OptimizerKind kind)
    {
        WeightShape[] layout = [new("a", [2], WeightInit.Zero, Decays: true), new("b", [2], WeightInit.Zero, Decays: true) { IsHead = true }];
        var optimizer = Optimizer.Create(layout, new() { Kind = kind, HeadRate = 3 });
        var alone = Optimizer.Create([layout[0]], new() { Kind = kind });
        float[] slow = [1, 2], fast = [1, 2], expected = [1, 2];
        optimizer.BeginStep(0.01);
        alone.BeginStep(0.03);
        optimizer.Update(0, slow, [0.5f, -1], 1);
        optimizer.Update(1, fast, [0.5f, -1], 1);
        alone.Update(0, expected, [0.5f, -1], 1);

        Assert.Equal(expected, fast);
        Assert.Equal(3, (1 - fast[0]) / (1 - slow[0]), 1e-3);
    }

    [Fact]
    public void RowsInMotion_AfterAState_AreThoseWithMoments()
    {
        WeightShape[] layout = [new("embedding.weight", [5, 2], WeightInit.Zero)];
        var optimizer = Optimizer.Create(layout, new());
        var weights = new float[10];
        optimizer.BeginStep(0.1);
        optimizer.Update(0, weights, [0, 0, 0, 1, 0, 0, -1, 0, 0, 0], 1);
        var resumed = Optimizer.Create(layout, new());
        resumed.SetState(optimizer.GetState());

        Assert.Equal([1, 3], resumed.RowsInMotion(0).Rows.ToArray());
    }

    [Fact]
    public void ClipScale_LargeAndSmallNorms_ScalesOnlyTheLarge()
    {
        var optimizer = Optimizer.Create(Layout, new OptimizerOptions { MaxGradientNorm = 2 });

        Assert.Equal(0.25f, optimizer.ClipScale(8), 1e-6f);
        Assert.Equal(1, optimizer.ClipScale(1));
        Assert.Equal(1, Optimizer.Create(Layout, new OptimizerOptions { MaxGradientNorm = 0 }).ClipScale(1e9));
    }

    [Fact]
    public void SetState_StateOfAnother_ContinuesIdentically()
    {
        var first = Optimizer.Create(Layout, new OptimizerOptions());
        float[] weights = [.. Enumerable.Range(0, Count).Select(i => (float)i)];
        Run(first, weights, 1);
        float[] copy = [.. weights];
        var second = Optimizer.Create(Layout, new OptimizerOptions());
        second.SetState(first.GetState());

        Run(first, weights, 2);
        Run(second, copy, 2);

        Assert.Equal(weights, copy);
        Assert.Equal(2, second.Steps);
    }

    [Fact]
    public void SetState_StateOfAnotherKind_NamesTheDifference()
    {
        var state = Optimizer.Create(Layout, new OptimizerOptions { Kind = OptimizerKind.Sgd }).GetState();

        var error = Assert.Throws<ArgumentException>(() => Optimizer.Create(Layout, new OptimizerOptions()).SetState(state));

        Assert.Contains("3 arrays; AdamW of this model has 5", error.Message, StringComparison.Ordinal);
    }

    private static void Run(Optimizer optimizer, float[] weights, int step)
    {
        optimizer.BeginStep(0.01);
        optimizer.Update(0, weights, [.. Enumerable.Range(0, Count).Select(i => (float)Gradient(step, i))], 1);
    }

    private static double Gradient(int step, int i) => Math.Cos(3 * step + i);

    private static double Expected(OptimizerOptions options, bool decays, double w, int seed)
    {
        double m = 0, v = 0;
        var decay = decays ? options.WeightDecay : 0;
        for (var step = 1; step <= 4; step++)
        {
            var g = 0.5 * Gradient(step, seed);
            var rate = 0.01 * step;
            if (options.Kind == OptimizerKind.Sgd)
            {
                g += decay * w;
                m = step == 1 ? g : options.Momentum * m + g;
                w -= rate * m;
                continue;
            }
            w *= 1 - rate * decay;
            m = options.Beta1 * m + (1 - options.Beta1) * g;
            v = options.Beta2 * v + (1 - options.Beta2) * g * g;
            var root = Math.Sqrt(v) / Math.Sqrt(1 - Math.Pow(options.Beta2, step));
            w -= rate / (1 - Math.Pow(options.Beta1, step)) * m / (root + options.Epsilon);
        }
        return w;
    }
}
