using MlAttention.Core.Engines;
using MlAttention.Core.Sequences;
using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines;

public class TorchSharpEngineGoldenTests
{
    private static readonly GoldenFile Golden = GoldenFile.Load("classifier.json");

    /// <summary>The post-norm case has a final norm, which the options' classifier has not.</summary>
    public static TheoryData<string, OptimizerKind> Cases
    {
        get
        {
            var cases = new TheoryData<string, OptimizerKind>();
            foreach (var name in (string[])["sinusoidal_prenorm", "learned_prenorm", "none_prenorm", "none_prenorm_causal"])
                foreach (var optimizer in Enum.GetValues<OptimizerKind>()) cases.Add(name, optimizer);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Step_FiveSteps_HavePyTorchsLosses(string name, OptimizerKind optimizer)
    {
        var golden = Golden[name];
        var adam = optimizer == OptimizerKind.AdamW;
        var expected = golden.Part("after").Member(adam ? "adam_lr0.01" : "sgd_lr0.1").Numbers("loss_before_each_step_and_final");
        using var engine = Create(golden, optimizer);
        var batch = Batch(golden);

        var losses = new double[expected.Length];
        for (var step = 0; step < losses.Length; step++)
        {
            losses[step] = engine.Accumulate(batch, 1f / batch.Rows, 1) / batch.Rows;
            engine.Step(adam ? 0.01 : 0.1);
        }

        Assert.All(expected.Zip(losses), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Step_FirstStep_ReturnsPyTorchsNorm()
    {
        var golden = Golden["sinusoidal_prenorm"];
        using var engine = Create(golden, OptimizerKind.Sgd);
        engine.Accumulate(Batch(golden), 1f / 3, 1);

        Assert.Equal(golden.Number("grad_norm"), engine.Step(0.1), 1e-4);
    }

    private static TorchSharpEngine Create(GoldenCase golden, OptimizerKind optimizer)
    {
        var model = new SequenceModelOptions
        {
            ModelWidth = 8, Heads = 2, FeedForwardWidth = 16, Layers = 2, MaxLength = 8, Dropout = 0,
            Mask = golden.Flag("config.causal") ? MaskKind.Causal : MaskKind.Bidirectional,
            Positions = Enum.Parse<PositionScheme>(golden.Text("config.pos"), ignoreCase: true),
        };
        var training = new OptimizerOptions { Kind = optimizer, Momentum = 0, WeightDecay = 0, MaxGradientNorm = 0 };
        var engine = new TorchSharpEngine(new EngineConfiguration(model, 12, 3) { Optimizer = training });
        engine.SetWeights(golden.Weights("params", GoldenClassifier.Rename));
        return engine;
    }

    private static TokenBatch Batch(GoldenCase golden)
    {
        var tokens = golden.Integers("ids");
        var (rows, length) = ((int)golden.Shape("ids")[0], (int)golden.Shape("ids")[1]);
        return new TokenBatch
        {
            Rows = rows, Length = length, Tokens = tokens, Labels = golden.Integers("labels"),
            Lengths = [.. tokens.Chunk(length).Select(row => row.Count(token => token != 0))],
        };
    }
}
