using System.Globalization;
using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Engines.Managed;
using MlAttention.Tests.Objectives;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines;

/// <summary>Both engines, every task: the change of one plain step of gradient descent against the loss's finite differences.</summary>
public class TaskGradientTests
{
    private const int Vocabulary = 23, Classes = 5, Rows = 7, Length = 11;

    public static TheoryData<TaskKind, EngineKind> Cases()
    {
        var cases = new TheoryData<TaskKind, EngineKind>();
        foreach (var task in Enum.GetValues<TaskKind>())
            foreach (var engine in new[] { EngineKind.Managed, EngineKind.TorchSharp }) cases.Add(task, engine);
        return cases;
    }

    /// <summary>Along each weight's gradient the loss changes as the gradient says; half of the rows have weights.</summary>
    [Theory, MemberData(nameof(Cases))]
    public void Accumulate_EveryTask_GradientsAreFiniteDifferences(TaskKind task, EngineKind kind)
    {
        var configuration = Configuration(task);
        using var engine = Create(kind, configuration);
        var batch = Batch(configuration);
        engine.SetWeights(Shaken(engine.GetWeights()));
        var weights = engine.GetWeights();
        double atStart = engine.Accumulate(batch, 1, dropoutSeed: 1);
        engine.Step(1);
        var gradients = engine.GetWeights().Zip(weights, (after, before) => before with { Values = [.. before.Values.Zip(after.Values, (old, now) => old - now)] }).ToArray();

        Assert.Contains(gradients, gradient => gradient.Name == "head.bias");
        foreach (var gradient in gradients)
        {
            double length = Math.Sqrt(gradient.Values.Sum(value => (double)value * value)), step = 4e-3;
            Assert.True(length > 0, $"{gradient.Name} has no gradient.");
            double slope = (Loss(step / length) - Loss(-step / length)) / (2 * step);
            Assert.True(Math.Abs(slope - length) <= 0.02 * length + 0.004,
                string.Create(CultureInfo.InvariantCulture, $"{gradient.Name}: the gradient's length is {length}, the finite difference {slope}."));

            double Loss(double by)
            {
                engine.SetWeights([.. weights.Select(weight => weight.Name != gradient.Name ? weight
                    : weight with { Values = [.. weight.Values.Zip(gradient.Values, (value, along) => (float)(value + by * along))] })]);
                return engine.Accumulate(batch, 0, dropoutSeed: 1);
            }
        }
        engine.SetWeights(weights);
        Assert.Equal(atStart, engine.Accumulate(batch, 0, dropoutSeed: 1), 1e-6 * Math.Abs(atStart));
    }

    /// <summary>A row alone has the logits that it has in a batch, to the bit; padding has none.</summary>
    [Theory, InlineData(EngineKind.Managed), InlineData(EngineKind.TorchSharp)]
    public void Score_LabelsOfTokens_DependsOnTheRowAlone(EngineKind kind)
    {
        var configuration = Configuration(TaskKind.TokenLabels);
        using var engine = Create(kind, configuration);
        var batch = Batch(configuration);
        var all = new float[Rows * Length * Classes];
        engine.Score(batch, all);
        for (int row = 0; row < Rows; row++)
        {
            int length = batch.Lengths[row];
            var logits = all.AsSpan(row * Length * Classes, Length * Classes);
            Assert.False(logits[(length * Classes)..].ContainsAnyExcept(0f));
            if (length == 0) continue;
            var alone = new float[length * Classes];
            engine.Score(new TokenBatch { Rows = 1, Length = length, Tokens = batch.Tokens[(row * Length)..(row * Length + length)], Lengths = [length] }, alone);
            for (int i = 0; i < alone.Length; i++) Assert.Equal(alone[i], logits[i], kind == EngineKind.Managed ? 0f : 1e-5f);
        }
    }

    private static ISequenceEngine Create(EngineKind kind, EngineConfiguration configuration) =>
        kind == EngineKind.Managed ? TestEngine.Create(configuration, LaneWidth.Chosen).Engine : new TorchSharpEngine(configuration);

    private static EngineConfiguration Configuration(TaskKind task)
    {
        var model = new SequenceModelOptions
        {
            ModelWidth = 22, Heads = 2, Layers = 2, FeedForwardWidth = 27, MaxLength = Length, Positions = PositionScheme.Learned, Dropout = 0, Task = task,
            Head = task switch { TaskKind.MaskedTokens => HeadKind.TiedTransform, TaskKind.NextToken => HeadKind.Tied, _ => HeadKind.Tanh },
            Mask = task == TaskKind.NextToken ? MaskKind.Causal : MaskKind.Bidirectional, Activation = ActivationKind.Gelu,
        };
        return new(model, Vocabulary, RandomTargets.Classes(task, Classes))
        {
            Compute = new() { Threads = 2 }, Optimizer = new() { Kind = OptimizerKind.Sgd, Momentum = 0, WeightDecay = 0, MaxGradientNorm = 0 }, LabelSmoothing = 0.1,
        };
    }

    private static TokenBatch Batch(EngineConfiguration configuration)
    {
        var random = new Random(5);
        int[] lengths = [Length, 0, 3, 8, 1, 7, 4];
        return new TokenBatch
        {
            Rows = Rows,
            Length = Length,
            Tokens = [.. Enumerable.Range(0, Rows * Length).Select(i => i % Length < lengths[i / Length] ? random.Next(1, Vocabulary) : 0)],
            Lengths = lengths,
            RowWeights = [1, 1, 0.5f, 1, 2, 1, 0],
            Targets = RandomTargets.Of(configuration.Model.Task, random, configuration.Classes, lengths, Length),
        };
    }

    /// <summary>Weights away from special values, so that every gradient is there.</summary>
    private static IReadOnlyList<WeightTensor> Shaken(IReadOnlyList<WeightTensor> weights)
    {
        var random = new Random(1);
        return [.. weights.Select(weight => weight with { Values = [.. weight.Values.Select((value, i) => weight.Name == "embedding.weight" && i < 22 ? 0 : value + 0.2f * (random.NextSingle() - 0.5f))] })];
    }
}
