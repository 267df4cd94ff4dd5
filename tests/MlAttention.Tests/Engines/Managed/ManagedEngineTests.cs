using System.Diagnostics;
using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Managed.Kernels;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Engines.Managed.Kernels;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>What the managed engine promises beyond agreement with TorchSharp: dropout, threads and memory.</summary>
[Collection(nameof(NativeMemoryCollection))]
public class ManagedEngineTests
{
    private const int Vocabulary = 29, Classes = 3, LargeVocabulary = 1 << 20, LargeWidth = 64;

    public static TheoryData<int> All => Widths.All();

    /// <summary>Along each weight's gradient the loss changes as the gradient says, with all masks as they are.</summary>
    [Theory, MemberData(nameof(All))]
    public void Accumulate_WithDropout_GradientsAreFiniteDifferences(int lanes)
    {
        foreach (var (norm, activation, scheme) in new[]
        {
            (NormPlacement.Post, ActivationKind.Relu, PositionScheme.Learned),
            (NormPlacement.Pre, ActivationKind.Gelu, PositionScheme.ShawRelative),
            (NormPlacement.Post, ActivationKind.Gelu, PositionScheme.RelativeBias),
        })
        {
            var configuration = Configuration(Model(37) with { Dropout = 0.3, Norm = norm, Activation = activation, Positions = scheme }, threads: 2);
            using var managed = TestEngine.Create(configuration, lanes);
            var batch = Batch(11, 37, seed: 5);
            managed.Engine.SetWeights(Shaken(managed.Engine.GetWeights()));
            var weights = managed.Engine.GetWeights();
            managed.Engine.Accumulate(batch, 1, dropoutSeed: 9);
            foreach (var gradient in managed.Gradients())
            {
                double norm2 = gradient.Values.Sum(value => (double)value * value), length = Math.Sqrt(norm2), step = 2e-3;
                Assert.True(length > 0, $"{gradient.Name} has no gradient.");
                double Loss(double side)
                {
                    managed.Engine.SetWeights([.. weights.Select(weight => weight.Name != gradient.Name ? weight
                        : weight with { Values = [.. weight.Values.Select((value, i) => (float)(value + side * step * gradient.Values[i] / length))] })]);
                    return managed.Engine.Accumulate(batch, 0, dropoutSeed: 9);
                }
                double slope = (Loss(1) - Loss(-1)) / (2 * step);
                Assert.True(Math.Abs(slope - length) <= 0.02 * length + 0.003,
                    string.Create(CultureInfo.InvariantCulture, $"{gradient.Name}, {norm}, {activation}: the gradient's length is {length}, the finite difference {slope}."));
            }
        }
    }

    [Fact]
    public void Accumulate_OtherDropoutSeed_GivesAnotherLoss()
    {
        using var managed = TestEngine.Create(Configuration(Model(20) with { Dropout = 0.3 }, threads: 1), LaneWidth.Chosen);
        var batch = Batch(5, 20, seed: 5);
        Assert.Equal(managed.Engine.Accumulate(batch, 1, dropoutSeed: 1), managed.Engine.Accumulate(batch, 1, dropoutSeed: 1));
        Assert.NotEqual(managed.Engine.Accumulate(batch, 1, dropoutSeed: 1), managed.Engine.Accumulate(batch, 1, dropoutSeed: 2));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Step_SameThreadCount_GivesTheSameBits(int threads)
    {
        Assert.Equal(Train(threads, OptimizerKind.AdamW), Train(threads, OptimizerKind.AdamW));
    }

    /// <summary>With plain gradient steps: AdamW makes full steps of gradients that are rounding errors, such as those of the keys' biases.</summary>
    [Theory, InlineData(2), InlineData(3)]
    public void Step_SeveralThreads_AgreesWithOne(int threads)
    {
        float[] single = Train(1, OptimizerKind.Sgd), several = Train(threads, OptimizerKind.Sgd);
        for (int i = 0; i < single.Length; i++) Assert.Equal(single[i], several[i], 1e-5);
    }

    /// <summary>Weights of the score's n x n matrix alone would take 268 MB.</summary>
    [Fact]
    public void Accumulate_8192Tokens_NeedsMemoryInProportionToTheLength()
    {
        const int Length = 8192;
        long before = BytesInUse();
        using var managed = TestEngine.Create(Configuration(Model(Length) with { Layers = 1, Heads = 1, ModelWidth = 16, Dropout = 0.1 }, threads: 1), LaneWidth.Chosen);

        double loss = managed.Engine.Accumulate(Batch(1, Length, seed: 3, full: true), 1, dropoutSeed: 1);

        Assert.True(double.IsFinite(loss));
        Assert.InRange(NativeBuffer.BytesInUse - before, 1, 48 << 20);
        Assert.All(managed.Gradients(), gradient => Assert.All(gradient.Values, value => Assert.True(float.IsFinite(value))));
    }

    /// <summary>Bytes of native buffers, without those that other tests have left to the garbage collector.</summary>
    private static long BytesInUse()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return NativeBuffer.BytesInUse;
    }

    /// <summary>Gradients, moments and moments of rows that never occur would take 1 GB. In a process of its own, whose memory no other test takes or gives back.</summary>
    [Fact]
    public async Task Step_VocabularyOfAMillion_TakesMemoryForTheRowsThatOccur()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var child = Process.Start(new ProcessStartInfo("dotnet", ["exec", typeof(ManagedEngineTests).Assembly.Location, "resident"]) { RedirectStandardOutput = true })!;
        string output = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();

        Assert.Equal(0, child.ExitCode);
        long embedding = (long)LargeVocabulary * LargeWidth * sizeof(float);
        Assert.InRange(long.Parse(output, CultureInfo.InvariantCulture), embedding / 2, embedding + embedding / 2);       // the weights themselves, and no gradients or moments of as many
    }

    /// <summary>By how many bytes a process grows that makes one step of a model with a large vocabulary.</summary>
    internal static long ResidentOfALargeVocabulary()
    {
        float[] values = new float[LargeVocabulary * LargeWidth];
        values.AsSpan().Fill(0.01f);                                               // resident before, on systems too that count a page once it is read
        var configuration = Configuration(Model(8) with { ModelWidth = LargeWidth }, threads: 2) with { EmbeddingRows = LargeVocabulary, InitialWeights = [new("embedding.weight", [LargeVocabulary, LargeWidth], values)] };
        long before = Resident();
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        managed.Engine.Accumulate(Batch(4, 8, seed: 2), 1, dropoutSeed: 1);
        managed.Engine.Step(0.01);
        long growth = Resident() - before;
        GC.KeepAlive(configuration);                                               // the values are counted on both sides
        return growth;

        static long Resident()
        {
            GC.Collect();
            return long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
        }
    }

    [Theory]
    [InlineData(NormPlacement.Post, ActivationKind.Gelu, PositionScheme.ShawRelative, 0)]
    [InlineData(NormPlacement.Pre, ActivationKind.Relu, PositionScheme.RelativeBias, 0)]
    [InlineData(NormPlacement.Post, ActivationKind.GeluTanh, PositionScheme.Rotary, 2)]
    public void GradientCheckpointing_WithDropout_GivesTheSameBitsInLessMemory(NormPlacement norm, ActivationKind activation, PositionScheme positions, int frozenLayers)
    {
        var (plain, plainBytes) = Gradients(checkpointing: false);
        var (checkpointed, bytes) = Gradients(checkpointing: true);

        Assert.Equal(plain, checkpointed);
        Assert.InRange(bytes, 0, plainBytes / 2);

        (float[] Gradients, long ActivationBytes) Gradients(bool checkpointing)
        {
            var model = Model(60) with { Layers = 6, Dropout = 0.2, Norm = norm, Activation = activation, Positions = positions, GradientCheckpointing = checkpointing };
            using var managed = TestEngine.Create(Configuration(model, threads: 1) with { FrozenLayers = frozenLayers }, LaneWidth.Chosen);
            managed.Engine.SetWeights(Shaken(managed.Engine.GetWeights()));
            long before = BytesInUse();
            for (ulong step = 0; step < 2; step++) managed.Engine.Accumulate(Batch(9, 60, seed: 5), 1, dropoutSeed: step);
            return ([.. managed.Gradients().SelectMany(gradient => gradient.Values)], NativeBuffer.BytesInUse - before);
        }
    }

    [Fact]
    public void Step_FewTokens_TouchesOnlyTheirEmbeddings()
    {
        using var managed = TestEngine.Create(Configuration(Model(4), threads: 2), LaneWidth.Chosen);
        var batch = new TokenBatch { Rows = 2, Length = 3, Tokens = [5, 7, 5, 9, 0, 0], Lengths = [3, 1], Labels = [0, 1] };
        for (int round = 0; round < 2; round++)                     // the second round would show what the first left behind
        {
            managed.Engine.Accumulate(batch, 1, dropoutSeed: 1);
            var gradient = managed.Gradients().Single(weight => weight.Name == "embedding.weight");
            int width = gradient.Shape[1];
            int[] touched = [.. Enumerable.Range(0, gradient.Shape[0]).Where(row => gradient.Values.AsSpan(row * width, width).ContainsAnyExcept(0f))];
            Assert.Equal([5, 7, 9], touched);
            double norm = managed.Engine.Step(0);
            double squares = managed.Gradients().Sum(weight => weight.Values.Sum(value => (double)value * value));
            Assert.Equal(0, squares);
            Assert.True(norm > 0);
        }
    }

    [Fact]
    public async Task Score_SeveralEnginesAtOnce_StayOnTheirCallersThreads()
    {
        var configuration = Configuration(Model(40), threads: 4);
        using var managed = TestEngine.Create(configuration, LaneWidth.Chosen);
        var scorer = SequenceEngines.Factory.CreateScorer(configuration, managed.Engine.GetWeights());
        var batch = Batch(9, 40, seed: 4);
        var expected = new float[batch.Rows * Classes];
        managed.Engine.Score(batch, expected);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            var logits = new float[expected.Length];
            for (int round = 0; round < 50; round++) scorer.Score(batch, logits);
            return logits;
        })));

        Assert.All(results, logits => Assert.Equal(expected, logits));
        Assert.DoesNotContain(Directory.Exists("/proc/self/task")
            ? Directory.GetDirectories("/proc/self/task").Select(task => File.ReadAllText(Path.Combine(task, "comm")).Trim()) : [],
            name => name.StartsWith("MlAttention", StringComparison.Ordinal));
    }

    private static float[] Train(int threads, OptimizerKind optimizer)
    {
        var configuration = Configuration(Model(50) with { Dropout = 0 }, threads);
        using var managed = TestEngine.Create(configuration with { Optimizer = configuration.Optimizer with { Kind = optimizer } }, LaneWidth.Chosen);
        for (int step = 0; step < 3; step++)
        {
            managed.Engine.Accumulate(Batch(40, 50, seed: step), 1f / 40, (ulong)step);
            managed.Engine.Step(optimizer == OptimizerKind.Sgd ? 0.1 : 1e-3);
        }
        return [.. managed.Engine.GetWeights().SelectMany(weight => weight.Values)];
    }

    private static SequenceModelOptions Model(int length) => new()
    {
        ModelWidth = 22, Heads = 2, Layers = 2, FeedForwardWidth = 27, MaxLength = length, Positions = PositionScheme.Learned, Pooling = PoolingKind.Mean,
    };

    private static EngineConfiguration Configuration(SequenceModelOptions model, int threads) =>
        new(model, Vocabulary, Classes) { Compute = new() { Threads = threads }, Seed = 3, Optimizer = new() { MaxGradientNorm = 0 }, LabelSmoothing = 0.1 };

    /// <summary>Weights away from special values, so that every gradient is there.</summary>
    private static IReadOnlyList<WeightTensor> Shaken(IReadOnlyList<WeightTensor> weights)
    {
        var random = new Random(1);
        return [.. weights.Select(weight => weight with { Values = [.. weight.Values.Select(value => value + 0.2f * (random.NextSingle() - 0.5f))] })];
    }

    private static TokenBatch Batch(int rows, int length, int seed, bool full = false)
    {
        var random = new Random(seed);
        int[] lengths = [.. Enumerable.Range(0, rows).Select(row => full || row == 0 ? length : random.Next(1, length + 1))];
        return new TokenBatch
        {
            Rows = rows,
            Length = length,
            Tokens = [.. Enumerable.Range(0, rows * length).Select(i => i % length < lengths[i / length] ? random.Next(1, Vocabulary) : 0)],
            Lengths = lengths,
            Labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(Classes))],
        };
    }
}
