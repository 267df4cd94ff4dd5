using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Objectives;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>The tied head of the managed engine where it differs from other heads: strips of logits, steps without a label, which places have logits.</summary>
public class VocabularyHeadTests
{
    private static readonly OptimizerOptions PlainSgd = new() { Kind = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0, MaxGradientNorm = 0 };

    /// <summary>More places than the logits of one strip are kept for, over threads with chunks of their own.</summary>
    [Theory, InlineData(HeadKind.Tied, false), InlineData(HeadKind.TiedTransform, true)]
    public void Accumulate_SeveralStrips_GivesTorchsGradients(HeadKind head, bool freezesEmbeddings)
    {
        const int Rows = 50_000;
        var configuration = Configuration(head, TaskKind.NextToken, Rows) with { FreezeEmbeddings = freezesEmbeddings, LabelSmoothing = 0.1 };
        var batch = Batch(configuration, [180, 3, 0, 150]);
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        using var torch = new TorchSharpEngine(configuration);
        var before = managed.Engine.GetWeights();
        torch.SetWeights(before);

        double ours = managed.Engine.Accumulate(batch, 0.01f, 1), theirs = torch.Accumulate(batch, 0.01f, 1);
        Assert.Equal(theirs, ours, 1e-5 * theirs);
        managed.Engine.Step(1);
        torch.Step(1);
        foreach (var (weight, expected) in managed.Engine.GetWeights().Select(weight => (weight, torch.GetWeights().Single(other => other.Name == weight.Name))))
        {
            float[] start = before.Single(other => other.Name == weight.Name).Values;
            float largest = 0, difference = 0;
            for (int i = 0; i < start.Length; i++)
            {
                largest = Math.Max(largest, Math.Abs(expected.Values[i] - start[i]));
                difference = Math.Max(difference, Math.Abs(expected.Values[i] - weight.Values[i]));
            }
            Assert.Equal(freezesEmbeddings && weight.Name == "embedding.weight", largest == 0);
            Assert.True(difference <= 1e-4f * Math.Max(largest, 0.01f), $"{weight.Name}: {difference} of {largest}");
        }
    }

    /// <summary>A step whose batch has no label has no gradient: nothing is left of the step before.</summary>
    [Fact]
    public void Accumulate_NoLabelAfterAStepWithSome_HasNoGradient()
    {
        var configuration = Configuration(HeadKind.TiedTransform, TaskKind.MaskedTokens, 23);
        var batch = Batch(configuration, [7, 4]);
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        managed.Engine.Accumulate(batch, 1, 1);
        Assert.All(managed.Gradients(), weight => Assert.Contains(weight.Values, value => value != 0));
        managed.Engine.Step(0.1);

        var unlabelled = new TokenBatch { Rows = batch.Rows, Length = batch.Length, Tokens = batch.Tokens, Lengths = batch.Lengths, Targets = Targets.OfTokens([.. batch.Targets.Labels.Select(_ => Targets.Ignored)], [0, 7, 14]) };
        Assert.Equal(0, managed.Engine.Accumulate(unlabelled, 1, 1));
        Assert.All(managed.Gradients(), weight => Assert.DoesNotContain(weight.Values, value => value != 0));
    }

    /// <summary>The logits of the places with a label are those of the same places among all, to the bit; padding has none.</summary>
    [Theory, InlineData(EngineKind.Managed), InlineData(EngineKind.TorchSharp)]
    public void Score_WithAndWithoutTargets_GivesTheSameLogits(EngineKind kind)
    {
        var configuration = Configuration(HeadKind.Tied, TaskKind.MaskedTokens, 23);
        var batch = Batch(configuration, [7, 0, 4]);
        var all = new TokenBatch { Rows = batch.Rows, Length = batch.Length, Tokens = batch.Tokens, Lengths = batch.Lengths };
        using var engine = kind == EngineKind.Managed ? TestEngine.Create(configuration, LaneWidth.Chosen).Engine : new TorchSharpEngine(configuration);
        int[] places = batch.Targets.LabelledPlaces();
        float[] asked = new float[configuration.LogitCount(batch)], every = new float[configuration.LogitCount(all)];
        Assert.Equal((places.Length * 21, 3 * 7 * 21), (asked.Length, every.Length));
        Array.Fill(every, float.NaN);
        engine.Score(batch, asked);
        engine.Score(all, every);

        for (int i = 0; i < asked.Length; i++) Assert.Equal(every[places[i / 21] * 21 + i % 21], asked[i], kind == EngineKind.Managed ? 0f : 1e-6f);
        Assert.All(every[(7 * 21)..(14 * 21)], logit => Assert.Equal(0, logit));
        Assert.All(every[(18 * 21)..], logit => Assert.Equal(0, logit));
    }

    /// <summary>Every row gets a gradient from the head, and the rule is the dense one: the moments of a token that never occurs move its row.</summary>
    [Fact]
    public void Step_TokenThatNeverOccurs_MovesAllTheSame()
    {
        var configuration = Configuration(HeadKind.Tied, TaskKind.MaskedTokens, 23) with { Optimizer = new() };
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        float[] before = managed.Engine.GetWeights()[0].Values;
        managed.Engine.Accumulate(new() { Rows = 1, Length = 2, Tokens = [1, 2], Lengths = [2], Targets = Targets.OfTokens([0, Targets.Ignored], [0, 2]) }, 1, 1);
        managed.Engine.Step(0.01);
        float[] after = managed.Engine.GetWeights()[0].Values;
        for (int token = 0; token < 23; token++)
            Assert.Equal(token is 0 or 22, before.AsSpan(token * 6, 6).SequenceEqual(after.AsSpan(token * 6, 6)));      // padding and the unknown token are not predicted
    }

    private static EngineConfiguration Configuration(HeadKind head, TaskKind task, int rows) => new(
        new() { ModelWidth = 6, Heads = 2, Layers = 1, FeedForwardWidth = 5, MaxLength = 180, Dropout = 0, Task = task, Head = head, Activation = ActivationKind.Gelu, Mask = task == TaskKind.NextToken ? MaskKind.Causal : MaskKind.Bidirectional },
        rows, rows - 2) { Compute = new() { Threads = 2 }, Optimizer = PlainSgd };

    private static TokenBatch Batch(EngineConfiguration configuration, int[] lengths)
    {
        var random = new Random(5);
        int length = lengths[0];
        return new()
        {
            Rows = lengths.Length, Length = length, Lengths = lengths,
            Tokens = [.. Enumerable.Range(0, lengths.Length * length).Select(i => i % length < lengths[i / length] ? random.Next(1, configuration.EmbeddingRows) : 0)],
            Targets = RandomTargets.Of(configuration.Model.Task, random, configuration.Classes, lengths, length),
        };
    }
}
