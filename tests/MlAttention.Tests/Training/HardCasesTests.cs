using MlAttention.Core.Sequences;
using MlAttention.Core.Training;

namespace MlAttention.Tests.Training;

/// <summary>Data that is small, empty, huge or lopsided, trained with the TorchSharp engine.</summary>
public sealed class TorchSharpHardCasesTests() : HardCasesTests(EngineKind.TorchSharp);

/// <summary>The same with the managed engine.</summary>
public sealed class ManagedHardCasesTests() : HardCasesTests(EngineKind.Managed);

/// <summary>What each engine makes of hard cases.</summary>
public abstract class HardCasesTests(EngineKind engine)
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 8, Heads = 2, FeedForwardWidth = 12, Layers = 1 };
    private TrainingOptions Options { get; } = new() { Compute = new() { Engine = engine }, Epochs = 2, BatchSize = 4 };

    private TrainingOptions Diverging => Options with { Optimizer = new() { Kind = OptimizerKind.Sgd, LearningRate = 1e30, MaxGradientNorm = 0 }, Epochs = 50 };

    public static TheoryData<PositionScheme, PoolingKind> Variants
    {
        get
        {
            var variants = new TheoryData<PositionScheme, PoolingKind>();
            foreach (var positions in Enum.GetValues<PositionScheme>()) variants.Add(positions, PoolingKind.Mean);
            foreach (var pooling in Enum.GetValues<PoolingKind>()) variants.Add(PositionScheme.Sinusoidal, pooling);
            return variants;
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_EmptyTextsAndSingleTokens_GivesFiniteWeights(PositionScheme positions, PoolingKind pooling)
    {
        var dataset = Rows(2, ([], 0), ([1], 1), ([], 1), ([2], 0), ([1, 2, 3], 1), ([], 0));

        var trained = Train(Model with { Positions = positions, Pooling = pooling }, Options with { ValidationFraction = 0 }, dataset);

        Assert.All(trained.Weights, weight => Assert.All(weight.Values, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void Train_BatchOfOneTokenAndOneRow_Works()
    {
        var trained = Train(Model with { MaxLength = 1 }, Options with { BatchSize = 1, ValidationFraction = 0 }, Rows(2, ([1], 0), ([2], 1)));

        Assert.Equal(4, trained.History[^1].Step);
    }

    [Fact]
    public void Train_OneRow_Works() =>
        Assert.Equal(1, Train(Model, Options, Rows(2, ([1, 2], 0))).TrainingRows);

    [Fact]
    public void Train_TenThousandClasses_Works()
    {
        var trained = Train(Model, Options with { Epochs = 1 }, Rows(10_000, ([1], 9_999), ([2], 0), ([3], 5_000)));

        Assert.Equal(10_000 * 8, trained.Weights.Single(weight => weight.Name == "head.weight").Values.Length);
        Assert.Equal(Math.Log(10_000), trained.History[0].TrainingLoss, 1.0);
    }

    [Fact]
    public void Train_ValidationWithoutSomeClass_Validates()
    {
        var trained = new SequenceTrainer(Model, Options, SequenceEngines.Factory).Train(Rows(3, ([1], 0), ([2], 1), ([3], 2)), Rows(3, ([1], 0)));

        Assert.Equal(2, trained.History.Count);
        Assert.NotNull(trained.History[0].ValidationAccuracy);
    }

    [Fact]
    public void Train_AllRowsWeighNothing_Works()
    {
        var builder = new TokenDatasetBuilder(5, 2, 9, TruncationSide.KeepStart);
        builder.Add([1], 0, 0);
        builder.Add([2], 1, 0);

        Assert.Equal(0, Train(Model, Options, builder.Build()).History[0].TrainingLoss);
    }

    [Fact]
    public void Train_RateOutOfAllMeasure_StopsWithStepAndAdvice()
    {
        var error = Assert.Throws<TrainingDivergedException>(() => Train(Model, Diverging, KeywordRows.Create(40)));

        Assert.True(error.Step > 1);
        Assert.NotEmpty(error.Rows);
    }

    [Fact]
    public void Train_SameSeedTwice_GivesIdenticalWeights()
    {
        var options = Options with { Compute = new() { Engine = engine, Threads = 1 } };
        var dataset = KeywordRows.Create(60);

        var (first, second) = (Train(Model, options, dataset), Train(Model, options, dataset));

        Assert.Equal(first.Weights.SelectMany(weight => weight.Values), second.Weights.SelectMany(weight => weight.Values));
        Assert.NotEqual(first.Weights.SelectMany(weight => weight.Values), Train(Model, options with { Seed = 2 }, dataset).Weights.SelectMany(weight => weight.Values));
    }

    private static TrainedSequenceModel Train(SequenceModelOptions model, TrainingOptions options, TokenDataset dataset) =>
        new SequenceTrainer(model, options, SequenceEngines.Factory).Train(dataset);

    private static TokenDataset Rows(int classes, params (int[] Keys, int Label)[] rows)
    {
        var builder = new TokenDatasetBuilder(5, classes, 9, TruncationSide.KeepStart);
        foreach (var (keys, label) in rows) builder.Add(keys, label);
        return builder.Build();
    }
}
