using System.Globalization;
using MlAttention.Core.Managed;

namespace MlAttention.Tests.Engines.Managed;

/// <summary>The whole classifier against PyTorch in float64: logits, every gradient and five optimizer steps, on each vector width.</summary>
public class ManagedGoldenTests
{
    private static readonly TrainingOptions Plain = new() { Compute = new() { Threads = 1 }, Optimizer = new() { WeightDecay = 0, MaxGradientNorm = 0, Momentum = 0 }, LabelSmoothing = 0 };

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (var golden in GoldenClassifier.All())
            foreach (int lanes in new[] { 128, 256, 512 }.Where(lanes => lanes <= LaneWidth.Widest))
                cases.Add(golden.Name, lanes);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void Score_GoldenClassifier_GivesItsLogits(string name, int lanes)
    {
        var golden = GoldenClassifier.Of(name);
        using var managed = Engine(golden, lanes, Plain);
        var logits = new float[golden.Logits.Length];

        managed.Engine.Score(golden.Batch(), logits);

        AssertClose(golden.Logits, logits, "logits");
    }

    [Theory, MemberData(nameof(Cases))]
    public void Accumulate_GoldenClassifier_GivesItsLossAndGradients(string name, int lanes)
    {
        var golden = GoldenClassifier.Of(name);
        using var managed = Engine(golden, lanes, Plain);
        var engine = managed.Engine;
        var batch = golden.Batch();

        double loss = engine.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1) / batch.Rows;

        Assert.Equal(golden.Loss, loss, 1e-5);
        var gradients = managed.Gradients().ToDictionary(gradient => gradient.Name);
        foreach (var expected in golden.Gradients)
            AssertClose([.. expected.Values.Select(value => (double)value)], gradients[expected.Name].Values, expected.Name);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Step_FiveSgdSteps_FollowsTheLosses(string name, int lanes) =>
        FollowsTheLosses(name, lanes, "sgd_lr0.1", Plain with { Optimizer = Plain.Optimizer with { Kind = OptimizerKind.Sgd } }, 0.1);

    [Theory, MemberData(nameof(Cases))]
    public void Step_FiveAdamSteps_FollowsTheLosses(string name, int lanes) => FollowsTheLosses(name, lanes, "adam_lr0.01", Plain, 0.01);

    private static void FollowsTheLosses(string name, int lanes, string optimizer, TrainingOptions training, double rate)
    {
        var golden = GoldenClassifier.Of(name);
        using var managed = Engine(golden, lanes, training);
        var engine = managed.Engine;
        var batch = golden.Batch();
        foreach (double loss in golden.Losses(optimizer))
        {
            Assert.Equal(loss, engine.Accumulate(batch, 1f / batch.Rows, dropoutSeed: 1) / batch.Rows, 1e-5);
            engine.Step(rate);
        }
    }

    private static TestEngine Engine(GoldenClassifier golden, int lanes, TrainingOptions training)
    {
        var managed = TestEngine.Create(golden.Configuration(training), lanes);
        managed.Engine.SetWeights(golden.Weights);
        return managed;
    }

    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5 + 1e-5 * Math.Abs(expected[i]),
                string.Create(CultureInfo.InvariantCulture, $"{what}[{i}] must be {expected[i]}; got {actual[i]}."));
        }
    }
}
