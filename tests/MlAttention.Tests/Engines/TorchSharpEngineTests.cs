using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Torch.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MlAttention.Tests.Engines;

public class TorchSharpEngineTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 12, Heads = 3, FeedForwardWidth = 20, MaxLength = 11 };

    public static TheoryData<PositionScheme, NormPlacement, PoolingKind> Configurations
    {
        get
        {
            var data = new TheoryData<PositionScheme, NormPlacement, PoolingKind>();
            foreach (var positions in Enum.GetValues<PositionScheme>()) data.Add(positions, NormPlacement.Pre, PoolingKind.Mean);
            foreach (var pooling in Enum.GetValues<PoolingKind>()) data.Add(PositionScheme.Sinusoidal, NormPlacement.Post, pooling);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Layout_Configuration_IsThatOfTheOptions(PositionScheme positions, NormPlacement norm, PoolingKind pooling)
    {
        var model = Model with { Positions = positions, Norm = norm, Pooling = pooling };
        using var engine = Create(model);

        Assert.Equal(Described(WeightLayout.Of(model, 29, 5)), Described(engine.Layout));
    }

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Step_Configuration_LowersTheLossOfTheBatch(PositionScheme positions, NormPlacement norm, PoolingKind pooling)
    {
        using var engine = Create(Model with { Positions = positions, Norm = norm, Pooling = pooling, Dropout = 0 });
        var batch = Batch();
        var first = engine.Accumulate(batch, 1f / batch.Rows, 1);

        for (var step = 0; step < 20; step++)
        {
            engine.Step(0.01);
            engine.Accumulate(batch, 1f / batch.Rows, 1);
        }

        Assert.True(engine.Accumulate(batch, 0, 1) < 0.8 * first);
        Assert.All(engine.GetWeights().Single(weight => weight.Name == "embedding.weight").Values.AsSpan(0, 12).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Accumulate_TwoHalves_EqualTheWholeBatch()
    {
        // Not Adam: it turns the rounding noise of the key biases, whose gradient is 0 in theory, into full steps.
        var options = new TrainingOptions { Optimizer = new() { Kind = OptimizerKind.Sgd } };
        using var whole = Create(Model with { Dropout = 0 }, options);
        using var halves = Create(Model with { Dropout = 0 }, options);

        var loss = whole.Accumulate(Batch(0, 7), 1f / 7, 1);
        var sum = halves.Accumulate(Batch(0, 3), 1f / 7, 2) + halves.Accumulate(Batch(3, 7), 1f / 7, 3);

        Assert.Equal(loss, sum, 1e-4);
        Assert.Equal(whole.Step(0.01), halves.Step(0.01), 1e-5);
        AssertClose(whole.GetWeights(), halves.GetWeights(), 1e-6f);
    }

    [Fact]
    public void Accumulate_RowWeights_CountRowsThatOften()
    {
        using var weighted = Create(Model with { Dropout = 0 });
        using var repeated = Create(Model with { Dropout = 0 });

        var loss = weighted.Accumulate(Batch(0, 2, weights: [3, 0]), 1, 1);

        Assert.Equal(3 * repeated.Accumulate(Batch(0, 1), 3, 1), loss, 1e-4);
        Assert.Equal(repeated.Step(0.01), weighted.Step(0.01), 1e-4);
    }

    [Fact]
    public void Accumulate_LabelSmoothing_MixesInTheMeanOverClasses()
    {
        using var plain = Create(Model with { Dropout = 0 });
        using var smoothed = Create(Model with { Dropout = 0 }, new TrainingOptions { LabelSmoothing = 0.2 });
        var logits = new float[5];
        plain.Score(Batch(0, 1), logits);
        var logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));

        var expected = 0.8 * (logSum - logits[Batch(0, 1).Labels[0]]) + 0.2 * logits.Average(logit => logSum - logit);

        Assert.Equal(expected, smoothed.Accumulate(Batch(0, 1), 1, 1), 1e-5);
    }

    [Fact]
    public void Accumulate_DropoutSeed_DecidesTheDropout()
    {
        double Loss(ulong seed)
        {
            using var engine = Create(Model with { Dropout = 0.5 });
            return engine.Accumulate(Batch(), 1, seed);
        }

        Assert.Equal(Loss(7), Loss(7));
        Assert.NotEqual(Loss(7), Loss(8));
    }

    [Fact]
    public void Step_GradientsNotFinite_LeavesTheWeights()
    {
        using var engine = Create(Model);
        var before = engine.GetWeights();
        engine.Accumulate(Batch(), float.PositiveInfinity, 1);

        Assert.False(double.IsFinite(engine.Step(0.01)));

        AssertClose(before, engine.GetWeights(), 0);
    }

    [Fact]
    public void AllCalls_Repeated_KeepTheNumberOfTensors()
    {
        using var engine = Create(Model);
        void Train()
        {
            engine.Accumulate(Batch(), 1, 5);
            engine.Step(0.01);
            engine.Score(Batch(), new float[35]);
            engine.SetWeights(engine.GetWeights());
        }
        Train();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount;

        for (var i = 0; i < 5; i++) Train();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount + DisposeScopeManager.Statistics.CreatedOutsideScopeCount);
    }

    [Fact]
    public void Score_RowsOfAllLengths_EqualTheRowsAlone()
    {
        using var engine = Create(Model);
        var together = new float[35];
        engine.Score(Batch(), together);

        var alone = new float[5];
        for (var row = 0; row < 7; row++)
        {
            engine.Score(Batch(row, row + 1), alone);
            for (var c = 0; c < 5; c++) Assert.Equal(alone[c], together[row * 5 + c], 1e-5f);
        }
    }

    [Fact]
    public async Task Scorer_ManyThreads_GiveOneResult()
    {
        using var engine = Create(Model);
        var expected = new float[35];
        engine.Score(Batch(), expected);
        TorchSharpScorer scorer;
        using (NewDisposeScope()) scorer = new TorchSharpScorer(Configuration(Model), engine.GetWeights());

        var results = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            var logits = new float[35];
            for (var i = 0; i < 10; i++) scorer.Score(Batch(), logits);
            return logits;
        })));

        Assert.All(results, logits => Assert.Equal(expected, logits));
    }

    [Fact]
    public void SetWeights_OtherModel_NamesTheWeight()
    {
        using var engine = Create(Model);
        var weights = engine.GetWeights();

        Assert.Contains("'head.bias' is missing", Assert.Throws<ArgumentException>(() => engine.SetWeights([.. weights.Where(weight => weight.Name != "head.bias")])).Message, StringComparison.Ordinal);
        Assert.Contains("no weight 'extra'", Assert.Throws<ArgumentException>(() => engine.SetWeights([.. weights, new WeightTensor("extra", [1], [0])])).Message, StringComparison.Ordinal);
        using var wider = Create(Model with { FeedForwardWidth = 21 });
        Assert.Contains("must have shape [20,12]; got [21,12]", Assert.Throws<ArgumentException>(() => engine.SetWeights(wider.GetWeights())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CudaWithoutADevice_SaysWhatIsMissing()
    {
        if (cuda.is_available()) return;

        var error = Assert.Throws<NotSupportedException>(() => SequenceEngines.Factory.CreateEngine(Configuration(Model, new TrainingOptions { Compute = new() { Device = DeviceKind.Cuda, Engine = EngineKind.TorchSharp } })));

        Assert.Contains("TorchSharp-cuda", error.Message, StringComparison.Ordinal);
    }

    private static TorchSharpEngine Create(SequenceModelOptions model, TrainingOptions? options = null) => new(Configuration(model, options));

    private static EngineConfiguration Configuration(SequenceModelOptions model, TrainingOptions? options = null) =>
        (options ?? new TrainingOptions()).Configure(model, embeddingRows: 29, classes: 5);

    /// <summary>Rows from..to of seven rows of length 0 to 11 with five classes.</summary>
    private static TokenBatch Batch(int from = 0, int to = 7, float[]? weights = null)
    {
        int[] lengths = [4, 11, 1, 7, 0, 3, 5];
        var rows = to - from;
        var length = Math.Max(1, lengths[from..to].Max());
        var tokens = new int[rows * length];
        for (var row = 0; row < rows; row++)
            for (var i = 0; i < lengths[from + row]; i++) tokens[row * length + i] = 1 + ((from + row) * 13 + i * 7) % 28;
        return new TokenBatch
        {
            Rows = rows, Length = length, Tokens = tokens, Lengths = lengths[from..to], RowWeights = weights ?? [],
            Labels = [.. Enumerable.Range(from, rows).Select(row => row % 5)],
        };
    }

    private static IEnumerable<string> Described(IReadOnlyList<WeightShape> layout) =>
        layout.Select(weight => $"{weight.Name} [{string.Join(',', weight.Shape)}]").Order(StringComparer.Ordinal);

    private static void AssertClose(IReadOnlyList<WeightTensor> expected, IReadOnlyList<WeightTensor> actual, float tolerance)
    {
        foreach (var (left, right) in expected.Zip(actual))
            for (var i = 0; i < left.Values.Length; i++) Assert.Equal(left.Values[i], right.Values[i], tolerance);
    }
}
