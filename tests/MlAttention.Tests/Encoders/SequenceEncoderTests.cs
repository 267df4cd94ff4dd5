using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>What an encoder sees, and its dropout, whatever its kind.</summary>
public sealed class SequenceEncoderTests
{
    private const int Width = 6;

    private static readonly SequenceModelOptions _options = new() { ModelWidth = Width, Heads = 3, Layers = 2, FeedForwardWidth = 11, WindowRadius = 1, Dropout = 0 };

    private static readonly Dictionary<string, SequenceModelOptions> _variants = new()
    {
        ["attention"] = _options,
        ["attention, causal"] = _options with { Mask = MaskKind.Causal },
        ["lstm"] = _options with { Encoder = EncoderKind.Lstm },
        ["lstm, one direction"] = _options with { Encoder = EncoderKind.Lstm, Mask = MaskKind.Causal },
        ["gru"] = _options with { Encoder = EncoderKind.Gru },
        ["gru, one direction"] = _options with { Encoder = EncoderKind.Gru, Mask = MaskKind.Causal },
        ["cnn"] = _options with { Encoder = EncoderKind.Cnn },
        ["bag of embeddings"] = _options with { Encoder = EncoderKind.BagOfEmbeddings },
    };

    [Theory]
    [InlineData("attention, causal", false)]
    [InlineData("lstm, one direction", false)]
    [InlineData("gru, one direction", false)]
    [InlineData("attention", true)]
    [InlineData("lstm", true)]
    [InlineData("gru", true)]
    [InlineData("cnn", true)]
    [InlineData("bag of embeddings", false)]
    public void Forward_LaterTokenChanged_ReachesEarlierOnesOnlyInBothDirections(string variant, bool reaches)
    {
        using var scope = NewDisposeScope();
        using var encoder = Create(variant);
        var x = LayerChecks.Numbers(1, 1, 5, Width);
        var changed = cat([x.narrow(1, 0, 3), x.narrow(1, 3, 2).neg()], 1);
        var mask = LayerChecks.Mask(5, 5);

        var difference = (encoder.call(x, mask) - encoder.call(changed, mask)).narrow(1, 0, 3).abs().max().item<float>();

        Assert.Equal(reaches, difference > 1e-6);
    }

    [Theory]
    [InlineData(EncoderKind.Attention)]
    [InlineData(EncoderKind.Lstm)]
    [InlineData(EncoderKind.Gru)]
    [InlineData(EncoderKind.Cnn)]
    public void Forward_Dropout_ActsInTrainingAlone(EncoderKind kind)
    {
        using var scope = NewDisposeScope();
        using var encoder = SequenceEncoder.Create(_options with { Encoder = kind, Dropout = 0.5 });
        var (x, mask) = (LayerChecks.Numbers(1, 1, 5, Width), LayerChecks.Mask(5, 5));

        encoder.train();
        Assert.NotEqual(encoder.call(x, mask).ToDoubles(), encoder.call(x, mask).ToDoubles());
        encoder.eval();
        Assert.Equal(encoder.call(x, mask).ToDoubles(), encoder.call(x, mask).ToDoubles());
    }

    [Fact]
    public void Create_UnknownKind_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => SequenceEncoder.Create(_options with { Encoder = (EncoderKind)99 }));

    private static SequenceEncoder Create(string variant) => SequenceEncoder.Create(_variants[variant]).WithNumbers();
}
