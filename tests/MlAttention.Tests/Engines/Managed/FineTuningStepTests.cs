using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Optimizers;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>What a step leaves as it is: frozen layers, and rows of the embedding whose tokens never occurred; and how fast the rest moves.</summary>
public class FineTuningStepTests
{
    private const int Rows = 41, Classes = 3, Width = 12;

    private static readonly SequenceModelOptions _model = new()
    {
        ModelWidth = Width, Heads = 3, Layers = 3, FeedForwardWidth = 17, MaxLength = 9, Norm = NormPlacement.Post, Positions = PositionScheme.Learned,
        ScaleEmbeddings = false, EmbeddingNorm = true, TokenTypes = 2, Head = HeadKind.Tanh, Dropout = 0.1,
    };

    [Theory]
    [InlineData(OptimizerKind.AdamW, 1)]
    [InlineData(OptimizerKind.AdamW, 2)]
    [InlineData(OptimizerKind.Sgd, 1)]
    public void Step_TokensThatComeAndGo_MovesTheEmbeddingAsTheDenseRuleToTheBit(OptimizerKind kind, int threads)
    {
        var configuration = Configuration() with { Optimizer = new() { Kind = kind, WeightDecay = 0.2, MaxGradientNorm = 0.5 }, Compute = new() { Threads = threads } };
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        var layout = WeightLayout.Of(_model, Rows, Classes);
        var dense = Optimizer.Create(layout, configuration.Optimizer);
        float[] expected = Embedding(managed.Engine), first = Embedding(managed.Engine);
        for (int step = 0; step < 6; step++)
        {
            if (step == 3) managed.Engine.SetOptimizerState(managed.Engine.GetOptimizerState());     // as a resumed run: which rows move follows from the moments
            managed.Engine.Accumulate(Batch(step), 0.1f, dropoutSeed: (ulong)step);
            float[] gradient = managed.Gradients()[0].Values;
            double norm = managed.Engine.Step(0.01);
            dense.BeginStep(0.01);
            dense.Update(0, expected, gradient, dense.ClipScale(norm));
        }

        float[] actual = Embedding(managed.Engine);
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
        int[] moved = [.. Enumerable.Range(0, Rows).Where(row => !actual.AsSpan(row * Width, Width).SequenceEqual(first.AsSpan(row * Width, Width)))];
        Assert.Equal(Enumerable.Range(0, 6).SelectMany(step => Batch(step).Tokens).Where(token => token > 0).Distinct().Order(), moved);
    }

    /// <summary>AdamW moves a row by its moments after its token is gone; a rule that looked at the batch alone would not.</summary>
    [Fact]
    public void Step_TokenThatIsGone_StillMovesByItsMoments()
    {
        using var managed = TestEngine.Create(Configuration(), LaneWidth.Chosen);
        managed.Engine.Accumulate(Batch(0), 1, dropoutSeed: 1);
        managed.Engine.Step(0.01);
        float[] before = Embedding(managed.Engine);
        int token = Batch(0).Tokens[0];
        Assert.DoesNotContain(token, Batch(1).Tokens);

        managed.Engine.Accumulate(Batch(1), 1, dropoutSeed: 1);
        managed.Engine.Step(0.01);

        Assert.False(before.AsSpan(token * Width, Width).SequenceEqual(Embedding(managed.Engine).AsSpan(token * Width, Width)));
    }

    [Theory]
    [InlineData(0, NormPlacement.Post)]
    [InlineData(1, NormPlacement.Post)]
    [InlineData(2, NormPlacement.Pre)]
    [InlineData(3, NormPlacement.Post)]
    public void Step_FrozenLayers_KeepTheirBitsAndAllBeforeThem(int frozen, NormPlacement norm)
    {
        var configuration = Configuration() with { FrozenLayers = frozen, Model = _model with { Norm = norm }, Optimizer = new() { WeightDecay = 0.2 } };
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        using var torch = new TorchSharpEngine(configuration);
        foreach (var engine in new[] { managed.Engine, torch })
        {
            var before = engine.GetWeights();
            for (int step = 0; step < 3; step++)
            {
                engine.Accumulate(Batch(step), 0.1f, dropoutSeed: (ulong)step);
                engine.Step(0.01);
            }

            var after = engine.GetWeights().ToDictionary(weight => weight.Name);
            string[] still = [.. before.Where(weight => weight.Values.AsSpan().SequenceEqual(after[weight.Name].Values)).Select(weight => weight.Name)];
            string[] expected = [.. before.Select(weight => weight.Name).Where(name => IsFrozen(name, frozen))];
            Assert.Equal(expected.Order(), still.Where(name => !name.EndsWith("positions.key", StringComparison.Ordinal)).Order());
        }
    }

    [Fact]
    public void Step_FrozenEmbeddings_KeepTheirBits()
    {
        using var managed = TestEngine.Create(Configuration() with { FreezeEmbeddings = true }, LaneWidth.Chosen);
        float[] before = Embedding(managed.Engine);
        managed.Engine.Accumulate(Batch(0), 1, dropoutSeed: 1);
        managed.Engine.Step(0.01);
        Assert.Equal(before, Embedding(managed.Engine));
    }

    [Fact]
    public void Step_GradientsThatAreNotFinite_LeavesNothingBehind()
    {
        using var managed = TestEngine.Create(Configuration(), LaneWidth.Chosen);
        var before = managed.Engine.GetWeights();
        managed.Engine.Accumulate(Batch(0), float.PositiveInfinity, dropoutSeed: 1);

        Assert.False(double.IsFinite(managed.Engine.Step(0.01)));

        Assert.All(managed.Gradients(), gradient => Assert.All(gradient.Values, value => Assert.Equal(0, value)));
        Assert.Equal(before.Select(weight => weight.Values), managed.Engine.GetWeights().Select(weight => weight.Values));
    }

    [Fact]
    public void Step_SeveralThreadsOnManyWeights_GivesTheSameBitsEachTime()
    {
        Assert.Equal(Train(), Train());

        static float[] Train()
        {
            var model = _model with { ModelWidth = 256, Heads = 4, FeedForwardWidth = 512, Layers = 2 };          // more weights than one thread updates
            using var managed = TestEngine.Create(Configuration() with { Model = model, Compute = new() { Threads = 3 } }, LaneWidth.Chosen);
            for (int step = 0; step < 3; step++)
            {
                managed.Engine.Accumulate(Batch(step), 0.1f, (ulong)step);
                managed.Engine.Step(0.001);
            }
            return [.. managed.Engine.GetWeights().SelectMany(weight => weight.Values)];
        }
    }

    [Fact]
    public void GetWeights_EarlierCopy_IsWrittenOver()
    {
        using var managed = TestEngine.Create(Configuration(), LaneWidth.Chosen);
        using var torch = new TorchSharpEngine(Configuration());
        foreach (var engine in new[] { managed.Engine, torch })
        {
            var copy = engine.GetWeights();
            var arrays = copy.Select(weight => weight.Values).ToArray();
            engine.Accumulate(Batch(0), 1, 1);
            engine.Step(0.1);
            var fresh = engine.GetWeights();

            var again = engine.GetWeights(copy);

            Assert.All(again.Zip(arrays), pair => Assert.Same(pair.Second, pair.First.Values));
            Assert.Equal(fresh.Select(weight => weight.Values), again.Select(weight => weight.Values));
        }
    }

    [Fact]
    public void Create_InitialWeights_StandInPlaceOfTheSeeds()
    {
        var given = new WeightTensor("encoder.layers.1.norm1.bias", [Width], [.. Enumerable.Range(0, Width).Select(i => (float)i)]);
        var configuration = Configuration() with { InitialWeights = [given] };
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        using var torch = new TorchSharpEngine(configuration);
        using var seeds = TestEngine.Create(Configuration(), LaneWidth.Chosen);
        var expected = seeds.Engine.GetWeights().ToDictionary(weight => weight.Name, weight => weight.Name == given.Name ? given.Values : weight.Values);
        foreach (var engine in new[] { managed.Engine, torch })
            Assert.All(engine.GetWeights(), weight => Assert.Equal(expected[weight.Name], weight.Values));
    }

    private static bool IsFrozen(string name, int frozen)
    {
        if (frozen == 0) return false;
        string[] parts = name.Split('.');
        return parts[0] == "encoder" && parts[1] == "layers" ? int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) < frozen : parts[0] is "embedding" or "positions" or "token_types" or "embedding_norm";
    }

    private static float[] Embedding(ISequenceEngine engine) => engine.GetWeights().Single(weight => weight.Name == WeightLayout.EmbeddingName).Values;

    private static EngineConfiguration Configuration() => new(_model, Rows, Classes) { Seed = 5, Compute = new() { Threads = 2 }, Optimizer = new() { MaxGradientNorm = 0 } };

    /// <summary>Rows of tokens of their own in each step: those of step s are 5 s + 1 to 5 s + 7, so that two of them stay for the next.</summary>
    private static TokenBatch Batch(int step)
    {
        int[] lengths = [9, 4, 7, 1, 8, 5];
        return new TokenBatch
        {
            Rows = lengths.Length,
            Length = 9,
            Tokens = [.. lengths.SelectMany((length, row) => Enumerable.Range(0, 9).Select(i => i < length ? 5 * step + 1 + (i + row) % 7 : 0))],
            Lengths = lengths,
            Labels = [0, 1, 2, 0, 1, 2],
        };
    }
}
