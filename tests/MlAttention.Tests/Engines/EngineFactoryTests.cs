using MlAttention.Encoders;
using MlAttention.Engines;
using MlAttention.Training;
using MlAttention.Weights;

namespace MlAttention.Tests.Engines;

public class EngineFactoryTests
{
    private static readonly EngineConfiguration Configuration = new(new SequenceModelOptions(), 10, 2, new TrainingOptions());
    private static readonly Provider Managed = new(EngineKind.Managed, "it has no LSTM.");
    private static readonly Provider Torch = new(EngineKind.TorchSharp, null);

    [Fact]
    public void Choose_AutoAndTheFirstCannot_TakesTheNextAndLogsWhy()
    {
        var lines = new List<string>();

        Assert.Same(Torch, EngineFactory.Choose([Managed, Torch], Configuration, EngineKind.Auto, lines.Add));

        Assert.Equal("Engine: TorchSharp, because Managed cannot run this model: it has no LSTM.", Assert.Single(lines));
    }

    [Fact]
    public void Choose_EngineThatCannot_Throws() =>
        Assert.Equal("Managed cannot run this model: it has no LSTM.",
            Assert.Throws<NotSupportedException>(() => EngineFactory.Choose([Managed, Torch], Configuration, EngineKind.Managed, null)).Message);

    [Fact]
    public void Choose_EngineThatIsAbsent_NamesTheChoices() =>
        Assert.Contains("The Managed engine is not part of this build",
            Assert.Throws<NotSupportedException>(() => EngineFactory.Choose([Torch], Configuration, EngineKind.Managed, null)).Message, StringComparison.Ordinal);

    private sealed class Provider(EngineKind kind, string? reasonAgainst) : IEngineProvider
    {
        public EngineKind Kind => kind;

        public string? ReasonAgainst(EngineConfiguration configuration) => reasonAgainst;

        public ISequenceEngine CreateEngine(EngineConfiguration configuration) => throw new NotImplementedException();

        public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => throw new NotImplementedException();
    }
}
