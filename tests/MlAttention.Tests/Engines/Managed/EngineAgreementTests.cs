using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Objectives;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>
/// The managed engine against the TorchSharp engine over random configurations of every task: logits, gradients (seen as the change of one plain
/// SGD step) and the weights after ten optimizer steps.
/// </summary>
public class EngineAgreementTests
{
    private const int Configurations = 200;
    private const double Tolerance = 1e-4;

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(0, Configurations / 10)];

    /// <summary>Ten configurations a test, so that a failure names a small range and the runner is not flooded.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public void Accumulate_RandomConfiguration_AgreesWithTorchSharp(int decade)
    {
        for (int seed = 10 * decade; seed < 10 * decade + 10; seed++) CheckGradients(seed);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Step_TenSteps_AgreesWithTorchSharp(int decade)
    {
        for (int seed = 1000 + 10 * decade; seed < 1010 + 10 * decade; seed++)
        {
            var random = new Random(seed);
            var training = new TrainingOptions { Compute = new() { Threads = 1 }, Seed = seed, Optimizer = new() { Kind = seed % 2 == 0 ? OptimizerKind.AdamW : OptimizerKind.Sgd, MaxGradientNorm = 1, Epsilon = 1e-3, LayerDecay = seed % 3 == 0 ? 0.7 : 1, HeadRate = seed % 5 == 0 ? 3 : 1 } };
            // Over one or two features a layer norm is 0 or ±1 and its gradients are rounding errors, which AdamW would enlarge.
            var configuration = Configuration(random, training, leastWidth: 4, predictsTokens: true);
            if (seed % 4 == 3) configuration = configuration with { FrozenLayers = random.Next(1, configuration.Model.Layers + 1) };
            var batches = Enumerable.Range(0, 10).Select(_ => Batch(random, configuration)).ToArray();
            using var managed = Managed(configuration, Lanes(seed));
            using var torch = new TorchSharpEngine(configuration);
            Prepare(configuration, random, managed, torch);
            foreach (var batch in batches)
            {
                foreach (var engine in new ISequenceEngine[] { managed, torch })
                {
                    engine.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1);
                    engine.Step(0.01);
                }
            }
            AssertClose(torch.GetWeights(), managed.GetWeights(), $"seed {seed}, {configuration.Model}");
        }
    }

    private static void CheckGradients(int seed)
    {
        var random = new Random(seed);
        var training = new TrainingOptions
        {
            Compute = new() { Threads = 1 + seed % 2 },
            Seed = seed,
            Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0, MaxGradientNorm = 0 },
            LabelSmoothing = seed % 3 == 0 ? 0.1 : 0,
            FreezeEmbeddings = seed % 5 == 0,
        };
        var configuration = Configuration(random, training, leastWidth: 2, predictsTokens: true);     // over one feature a layer norm is 0, and its gradients are rounding errors
        if (seed % 4 == 3) configuration = configuration with { FrozenLayers = random.Next(1, configuration.Model.Layers + 1) };
        var batch = Batch(random, configuration);
        using var managed = Managed(configuration, Lanes(seed));
        using var torch = new TorchSharpEngine(configuration);
        Prepare(configuration, random, managed, torch);
        string what = $"seed {seed}, {configuration.Model}";
        var before = managed.GetWeights();

        float[] ours = new float[configuration.LogitCount(batch)], theirs = new float[ours.Length];
        Array.Fill(ours, float.NaN);
        managed.Score(batch, ours);
        torch.Score(batch, theirs);
        AssertClose([new("logits", [ours.Length], theirs)], [new("logits", [ours.Length], ours)], what);
        AssertVectorsClose(configuration, batch, before, Lanes(seed), what);

        double ourLoss = managed.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1), theirLoss = torch.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1);
        Assert.Equal(theirLoss, ourLoss, Tolerance * (1 + Math.Abs(theirLoss)));
        double reference = ReferenceLoss.Of(configuration.Model.Task, batch, Array.ConvertAll(ours, logit => (double)logit), configuration.Classes, configuration.LabelSmoothing);
        Assert.Equal(reference, ourLoss, Tolerance * (1 + Math.Abs(reference)));
        managed.Step(1);
        torch.Step(1);
        AssertClose(Change(before, torch.GetWeights()), Change(before, managed.GetWeights()), what);
    }

    /// <summary>The vectors of the tokens and the pooled ones.</summary>
    private static void AssertVectorsClose(EngineConfiguration configuration, TokenBatch batch, IReadOnlyList<WeightTensor> weights, int lanes, string what)
    {
        int width = configuration.Model.ModelWidth;
        ISequenceScorer managed = TestEngine.Scorer(configuration, weights, lanes), torch = new TorchSharpScorer(configuration, weights);
        foreach (bool pooled in new[] { false, true })
        {
            float[] ours = new float[batch.Rows * width * (pooled ? 1 : batch.Length)], theirs = new float[ours.Length];
            Array.Fill(ours, float.NaN);
            Encode(managed, ours);
            Encode(torch, theirs);
            AssertClose([new("vectors", [ours.Length], theirs)], [new("vectors", [ours.Length], ours)], what);

            void Encode(ISequenceScorer scorer, float[] vectors)
            {
                if (pooled) scorer.Encode(batch, vectors);
                else scorer.EncodeTokens(batch, vectors);
            }
        }
    }

    internal static EngineConfiguration Configuration(Random random, TrainingOptions training, int leastWidth, bool predictsTokens = false)
    {
        TaskKind[] tasks = [.. Enum.GetValues<TaskKind>().Where(task => predictsTokens || !task.PredictsTokens)];
        T Any<T>() where T : struct, Enum => Of(Enum.GetValues<T>());
        T Of<T>(T[] values) => values[random.Next(values.Length)];
        var (positions, mask) = (Any<PositionScheme>(), Any<MaskKind>());
        int heads = random.Next(1, 5), headWidth = positions == PositionScheme.Rotary ? 2 * random.Next(1, 10) : random.Next(1, 20);
        if (heads * headWidth < leastWidth) headWidth = leastWidth;
        bool local = mask is MaskKind.LocalWindow or MaskKind.CausalLocalWindow;
        var model = new SequenceModelOptions
        {
            Positions = positions,
            PositionDetails = new PositionOptions
            {
                ClipDistance = random.Next(0, 6),
                Buckets = 2 * random.Next(2, 9),
                MaxDistance = random.Next(16, 40),
                RotaryBase = random.Next(2) == 0 ? 10000 : 50,
                RotaryInterleaved = random.Next(2) == 0,
                RotaryPositionScale = 1 + random.Next(3),
                AlibiOneSided = random.Next(2) == 0,
                SinusoidalInterleaved = random.Next(2) == 0,
                SinusoidalBase = random.Next(2) == 0 ? 10000 : 100,
                LearnedOffset = random.Next(3),
                LearnedRows = random.Next(2) == 0 ? null : 70 + random.Next(5),
            },
            ScaleEmbeddings = random.Next(2) == 0,
            EmbeddingNorm = random.Next(2) == 0,
            TokenTypes = random.Next(4),
            Head = Of([.. Enum.GetValues<HeadKind>().Where(head => !head.IsTied)]),
            Task = Of(tasks),
            Heads = heads,
            ModelWidth = heads * headWidth,
            Layers = random.Next(1, 4),
            FeedForwardWidth = random.Next(1, 50),
            MaxLength = random.Next(4, 67),
            Mask = mask,
            WindowRadius = random.Next(0, 9),
            Temperature = 0.5 + random.NextDouble(),
            Algorithm = local && random.Next(2) == 0 ? AttentionAlgorithm.LocalWindow : AttentionAlgorithm.Full,
            Norm = Any<NormPlacement>(),
            LayerNormEpsilon = random.Next(2) == 0 ? 1e-5 : 1e-2,
            Activation = Any<ActivationKind>(),
            Pooling = Any<PoolingKind>(),
            Dropout = 0,
            SeparatorKey = random.Next(3) == 0 ? null : random.Next(1, 4),
            SharedTokenType = random.Next(6) == 0,
        };
        if (model.Task.IsPerToken) model = model with { Pooling = random.Next(2) == 0 ? PoolingKind.Mean : PoolingKind.First, SeparatorKey = null };
        if (model.Task.PredictsTokens) model = model with { Head = random.Next(2) == 0 ? HeadKind.Tied : HeadKind.TiedTransform };
        if (model.Task == TaskKind.NextToken) model = model with { Mask = local ? MaskKind.CausalLocalWindow : MaskKind.Causal };
        int rows = random.Next(5, 40);
        return training.Configure(model, rows, RandomTargets.Classes(model.Task, random.Next(2, 7), rows));
    }

    internal static TokenBatch Batch(Random random, EngineConfiguration configuration)
    {
        int rows = random.Next(1, 14), length = random.Next(1, configuration.Model.MaxLength + 1);
        bool mayBeEmpty = configuration.Model.Pooling != PoolingKind.Cls;
        int[] lengths = [.. Enumerable.Range(0, rows).Select(row => row == 0 ? length : random.Next(mayBeEmpty ? 0 : 1, length + 1))];
        var tokens = new int[rows * length];
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < lengths[row]; i++) tokens[row * length + i] = random.Next(1, configuration.EmbeddingRows);
        return new TokenBatch
        {
            Rows = rows,
            Length = length,
            Tokens = tokens,
            Lengths = lengths,
            Targets = RandomTargets.Of(configuration.Model.Task, random, configuration.Classes, lengths, length),
            RowWeights = random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextDouble() * 2)],
        };
    }

    /// <summary>Gives both engines the same weights, none of them at a special value such as zero.</summary>
    private static void Prepare(EngineConfiguration configuration, Random random, ISequenceEngine managed, TorchSharpEngine torch)
    {
        var weights = managed.GetWeights().Select(weight =>
            weight with { Values = [.. weight.Values.Select((value, i) => weight.Name == "embedding.weight" && i < configuration.Model.ModelWidth ? 0 : value + 0.1f * (random.NextSingle() - 0.5f))] }).ToList();
        managed.SetWeights(weights);
        torch.SetWeights(weights);
    }

    /// <summary>The machine's vector widths in turn.</summary>
    internal static int Lanes(int seed)
    {
        int[] widths = [.. new[] { 128, 256, 512 }.Where(width => width <= LaneWidth.Widest)];
        return widths[seed % widths.Length];
    }

    private static ISequenceEngine Managed(EngineConfiguration configuration, int lanes) => TestEngine.Create(configuration, lanes).Engine;

    private static IReadOnlyList<WeightTensor> Change(IReadOnlyList<WeightTensor> before, IReadOnlyList<WeightTensor> after)
    {
        var old = before.ToDictionary(weight => weight.Name);
        return [.. after.Select(weight => weight with { Values = [.. weight.Values.Select((value, i) => value - old[weight.Name].Values[i])] })];
    }

    private static void AssertClose(IReadOnlyList<WeightTensor> expected, IReadOnlyList<WeightTensor> actual, string what)
    {
        var ours = actual.ToDictionary(weight => weight.Name);
        foreach (var weight in expected)
        {
            float scale = Math.Max(0.05f, weight.Values.Select(Math.Abs).DefaultIfEmpty().Max());
            for (int i = 0; i < weight.Values.Length; i++)
            {
                float difference = Math.Abs(weight.Values[i] - ours[weight.Name].Values[i]);
                Assert.True(difference <= Tolerance * scale, string.Create(CultureInfo.InvariantCulture,
                    $"{weight.Name}[{i}] must be {weight.Values[i]}; got {ours[weight.Name].Values[i]}. {what}"));
            }
        }
    }
}
