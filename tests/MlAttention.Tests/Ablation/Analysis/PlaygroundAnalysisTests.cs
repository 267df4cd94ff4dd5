using System.Buffers.Binary;
using Microsoft.ML;
using MlAttention.Ablation.Analysis;
using MlAttention.Ablation.Report;
using MlAttention.Ablation.Runs;
using MlAttention.Core.Objectives;
using MlAttention.Core.Managed;
using MlAttention.Core.Weights;
using MlAttention.Tests.Cli;

namespace MlAttention.Tests.Ablation.Analysis;

/// <summary>From trained runs to the models of the page.</summary>
public class PlaygroundAnalysisTests
{
    private static readonly AblationPlan s_plan = FakeAblation.Plan with { Baselines = [], Epochs = 2, Seeds = [3, 4], Model = new() { ModelWidth = 8, Heads = 2, Layers = 1, FeedForwardWidth = 8 } };
    private static readonly AblationSetup s_none = new(PositionScheme.None, MaskKind.Bidirectional, EncoderKind.Attention, ShuffledTraining: false), s_sinusoidal = s_none with { Positions = PositionScheme.Sinusoidal };

    [Theory]
    [InlineData(PositionScheme.None)]
    [InlineData(PositionScheme.Learned)]
    public void Train_FirstSeed_KeepsWeightsThatGiveTheRunsPredictions(PositionScheme scheme)
    {
        var run = Train(s_none with { Positions = scheme }, seed: 3);

        var model = s_plan.Model with { Positions = scheme };
        var layout = PlaygroundLimits.Layout(model, 5, 3);
        var offsets = HalfWeights.Offsets(layout);
        WeightTensor[] weights = [.. layout.Select(weight => new WeightTensor(weight.Name, weight.Shape, [.. Enumerable.Range(offsets[weight.Name], weight.Count).Select(i => (float)BinaryPrimitives.ReadHalfLittleEndian(run.Weights.AsSpan(2 * i)))]))];
        var scorer = new ManagedEngineProvider().CreateScorer(new(model, EmbeddingRows: 7, Classes: 3), weights);
        float[] logits = new float[3];
        for (int row = 0; row < FakeAblation.Data.Test.Count; row++)
        {
            int[] tokens = FakeAblation.Data.Test.Row(row).ToArray();
            scorer.Score(new() { Rows = 1, Length = tokens.Length, Tokens = tokens, Lengths = [tokens.Length] }, logits);
            Assert.Equal(run.Predictions[row], Softmax.IndexOfLargest(logits));
        }
    }

    [Fact]
    public void Train_WhatNoPageShows_KeepsNoWeights()
    {
        Assert.Null(Train(s_none, seed: 4).Weights);
        Assert.Null(Train(s_none with { Mask = MaskKind.Causal }, seed: 3).Weights);
        Assert.Null(Train(s_none with { ShuffledTraining = true }, seed: 3).Weights);
        Assert.Null(Train(s_none, seed: 3, s_plan.Model with { Score = ScoreFunction.Cosine }).Weights);
        Assert.Null(Train(s_none, seed: 3, s_plan.Model with { FeedForwardWidth = 12_000 }).Weights);
    }

    [Fact]
    public void Of_WeightTooLargeFor16Bits_IsNone()
    {
        WeightShape[] layout = [new("a", [2], WeightInit.Zero)];
        Assert.Equal([0x00, 0x3c, 0x00, 0xc0], HalfWeights.Of(layout, [new("a", [2], [1, -2])]));
        Assert.Null(HalfWeights.Of(layout, [new("a", [2], [1, 1e5f])]));
    }

    [Fact]
    public void Study_StoredRuns_GivesBothModelsOfTheFirstSeed()
    {
        using var folder = new TemporaryFolder();
        var store = FolderRunStore.Open(folder.File("runs"), new(s_plan, FakeAblation.Data.Summarize("fake.csv")));
        foreach (var setup in new[] { s_sinusoidal, s_none })
            foreach (int seed in s_plan.Seeds) store.Save(Run(setup, seed, seed == 3 ? [(byte)setup.Positions, 7] : null));

        var study = Study([.. from setup in new[] { s_sinusoidal, s_none } from seed in s_plan.Seeds select store.Find(setup, seed)!])!;

        Assert.Equal(3, study.Seed);
        Assert.Equal(FakeAblation.Data.Vocabulary, study.Vocabulary);
        Assert.Equal([PositionScheme.Sinusoidal, PositionScheme.None], study.Models.Select(model => model.Variant.Positions));
        Assert.Equal([[(byte)PositionScheme.Sinusoidal, 7], [(byte)PositionScheme.None, 7]], study.Models.Select(model => model.Weights));
    }

    [Fact]
    public void Study_MissingOrTooLargeTogetherOrPrivate_IsNone()
    {
        Assert.Null(Study([Run(s_sinusoidal, 3, [1]), Run(s_none, 3, null)]));
        Assert.Null(Study([Run(s_sinusoidal, 3, [1]), Run(s_none, 3, [2]) with { Failure = "it broke" }, Run(s_none, 4, null)]));
        Assert.NotNull(Study([Run(s_sinusoidal, 3, new byte[200_000]), Run(s_none, 3, new byte[200_000])]));
        Assert.Null(Study([Run(s_sinusoidal, 3, new byte[200_000]), Run(s_none, 3, new byte[200_002])]));
        Assert.Null(Study([Run(s_sinusoidal, 3, [1]), Run(s_none, 3, [2])], listsTexts: false));
    }

    private static PlaygroundStudy? Study(IReadOnlyList<AblationRun> runs, bool listsTexts = true) =>
        new AblationAnalysis(s_plan, FakeAblation.Data, runs) { ListsTexts = listsTexts }.Report(FakeAblation.Data.Summarize("fake.csv"), FakeAblation.Environment, DateTimeOffset.UnixEpoch, 1).Playground;

    private static AblationRun Run(AblationSetup setup, int seed, byte[]? weights) =>
        new FakeTrainer(FakeAblation.Data).Train(setup, seed, _ => { }, default) with { Weights = weights };

    private static AblationRun Train(AblationSetup setup, int seed, SequenceModelOptions? model = null) =>
        new SequenceAblationTrainer(new MLContext(seed: 1), s_plan with { Model = model ?? s_plan.Model, Epochs = model is null ? 2 : 1 }, FakeAblation.Data).Train(setup, seed, _ => { }, default);
}
