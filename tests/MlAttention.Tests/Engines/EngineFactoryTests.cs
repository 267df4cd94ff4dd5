using MlAttention.Core.Engines;
using MlAttention.Core.Managed;
using MlAttention.Core.Sequences;
using MlAttention.Core.Weights;
using MlAttention.Torch.Engine;

namespace MlAttention.Tests.Engines;

public class EngineFactoryTests
{
    private static readonly EngineConfiguration Configuration = new(new SequenceModelOptions(), 10, 2);
    private static readonly Provider Managed = new(EngineKind.Managed, "it has no LSTM.");
    private static readonly Provider Torch = new(EngineKind.TorchSharp, null);

    [Fact]
    public void Managed_BlockSizeOfChunkedAttention_IsRefused()
    {
        EngineConfiguration Configuration(AttentionAlgorithm algorithm, int blockSize) => new(new SequenceModelOptions { Algorithm = algorithm, BlockSize = blockSize }, 5, 2);
        var managed = new ManagedEngineProvider();

        Assert.Equal("it chooses the size of its blocks itself.", managed.ReasonAgainst(Configuration(AttentionAlgorithm.Chunked, 32)));
        Assert.Null(managed.ReasonAgainst(Configuration(AttentionAlgorithm.Chunked, 256)));
        Assert.Null(managed.ReasonAgainst(Configuration(AttentionAlgorithm.Full, 32)));
    }

    [Fact]
    public void Choose_AutoAndTheFirstCannot_TakesTheNextAndLogsWhy()
    {
        var lines = new List<string>();

        Assert.Same(Torch, new EngineFactory(Managed, Torch).Choose(Configuration, EngineKind.Auto, lines.Add));

        Assert.Equal("Engine: TorchSharp, because Managed cannot run this model: it has no LSTM.", Assert.Single(lines));
    }

    [Theory]
    [InlineData(EngineKind.Auto, EncoderKind.Attention, "Engine: Managed, the first choice of Auto, which can run this model.")]
    [InlineData(EngineKind.Auto, EncoderKind.Lstm, "Engine: TorchSharp, because Managed cannot run this model: it has attention encoders only, not Lstm.")]
    [InlineData(EngineKind.TorchSharp, EncoderKind.Attention, "Engine: TorchSharp, as asked for.")]
    public void CreateEngine_EachChoice_SaysWhichAndWhy(EngineKind asked, EncoderKind encoder, string expected)
    {
        var lines = new List<string>();

        using var engine = SequenceEngines.Factory.CreateEngine(Configuration with { Model = new SequenceModelOptions { Encoder = encoder }, Compute = new() { Engine = asked } }, lines.Add);

        Assert.Equal(expected, Assert.Single(lines));
    }

    [Fact]
    public void CreateScorer_WeightsTrainedByTorchSharp_IsManagedWithTheSameLogits()
    {
        var configuration = Configuration with { Compute = new() { Engine = EngineKind.TorchSharp } };
        using var torch = SequenceEngines.Factory.CreateEngine(configuration);
        var batch = new TokenBatch { Rows = 2, Length = 3, Tokens = [1, 5, 9, 2, 0, 0], Lengths = [3, 1] };
        float[] expected = new float[4], actual = new float[4];

        var scorer = SequenceEngines.Factory.CreateScorer(configuration, torch.GetWeights());

        Assert.Equal("Managed", scorer.EngineName);
        torch.Score(batch, expected);
        scorer.Score(batch, actual);
        Assert.Equal(expected, actual, (left, right) => Math.Abs(left - right) < 1e-5f);
    }

    [Fact]
    public void Choose_EngineThatCannot_Throws() =>
        Assert.Equal("Managed cannot run this model: it has no LSTM.",
            Assert.Throws<NotSupportedException>(() => new EngineFactory(Managed, Torch).Choose(Configuration, EngineKind.Managed, null)).Message);

    [Fact]
    public void Choose_EngineThatIsAbsent_NamesTheChoices() =>
        Assert.Contains("The Managed engine is not part of this build",
            Assert.Throws<NotSupportedException>(() => new EngineFactory(Torch).Choose(Configuration, EngineKind.Managed, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(EngineKind.Managed)]
    [InlineData(EngineKind.TorchSharp)]
    public void Encode_EachEngine_IsTheLogitsUnderAnIdentityHead(EngineKind kind)
    {
        var model = new SequenceModelOptions { ModelWidth = 10, Heads = 2 };
        var configuration = new EngineConfiguration(model, 10, model.ModelWidth);
        var identity = new float[10 * 10];
        for (var i = 0; i < 10; i++) identity[i * 10 + i] = 1;
        WeightTensor[] weights = [.. WeightInitializer.Create(WeightLayout.Of(model, 10, 10), 3).Select(weight => weight.Name switch
        {
            "head.weight" => weight with { Values = identity },
            "head.bias" => weight with { Values = new float[10] },
            _ => weight,
        })];
        IEngineProvider provider = kind == EngineKind.Managed ? new ManagedEngineProvider() : new TorchSharpProvider();
        var scorer = provider.CreateScorer(configuration, weights);
        var batch = new TokenBatch { Rows = 3, Length = 3, Tokens = [1, 5, 9, 2, 0, 0, 0, 0, 0], Lengths = [3, 1, 0] };
        float[] logits = new float[30], vectors = new float[30];

        scorer.Score(batch, logits);
        scorer.Encode(batch, vectors);

        Assert.Equal(logits, vectors);
        Assert.Equal(30, vectors.Distinct().Count() + 9);
    }

    /// <summary>A scheme, pooling, activation and so on that is added to the library must not be accepted by the managed engine and ignored.</summary>
    [Theory]
    [MemberData(nameof(Variants))]
    public void ReasonAgainst_VariantThatTheManagedEngineDoesNotKnow_IsGiven(string property)
    {
        var variant = typeof(SequenceModelOptions).GetProperty(property)!;
        var model = new SequenceModelOptions();
        Assert.Null(new ManagedEngineProvider().ReasonAgainst(Configuration with { Model = model }));

        variant.SetValue(model, Enum.ToObject(variant.PropertyType, 99));

        Assert.Contains("99", new ManagedEngineProvider().ReasonAgainst(Configuration with { Model = model }), StringComparison.Ordinal);
    }

    /// <summary>All but the side at which texts are cut, which is done before an engine sees them.</summary>
    public static TheoryData<string> Variants =>
        [.. typeof(SequenceModelOptions).GetProperties().Where(property => property.PropertyType.IsEnum).Select(property => property.Name).Where(name => name != nameof(SequenceModelOptions.Truncation))];

    private sealed class Provider(EngineKind kind, string? reasonAgainst) : IEngineProvider
    {
        public EngineKind Kind => kind;

        public string? ReasonAgainst(EngineConfiguration configuration) => reasonAgainst;

        public ISequenceEngine CreateEngine(EngineConfiguration configuration) => throw new NotImplementedException();

        public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => throw new NotImplementedException();
    }
}
