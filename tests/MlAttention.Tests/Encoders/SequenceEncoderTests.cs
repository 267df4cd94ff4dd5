using MlAttention.Attention;
using MlAttention.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Weights;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

/// <summary>What every encoder promises, whatever its kind.</summary>
public sealed class SequenceEncoderTests
{
    private const int Width = 6, Length = 7;

    private static readonly SequenceModelOptions _options = new() { ModelWidth = Width, Heads = 3, Layers = 2, FeedForwardWidth = 11, WindowRadius = 1, Dropout = 0 };

    private static readonly Dictionary<string, SequenceModelOptions> _variants = new()
    {
        ["attention, pre-norm, gelu"] = _options,
        ["attention, post-norm, relu"] = _options with { Norm = NormPlacement.Post, Activation = ActivationKind.Relu },
        ["attention, causal"] = _options with { Mask = MaskKind.Causal },
        ["attention, local window"] = _options with { Mask = MaskKind.LocalWindow },
        ["lstm"] = _options with { Encoder = EncoderKind.Lstm },
        ["lstm, one direction"] = _options with { Encoder = EncoderKind.Lstm, Mask = MaskKind.Causal },
        ["gru"] = _options with { Encoder = EncoderKind.Gru },
        ["gru, one direction"] = _options with { Encoder = EncoderKind.Gru, Mask = MaskKind.Causal },
        ["cnn"] = _options with { Encoder = EncoderKind.Cnn },
        ["bag of embeddings"] = _options with { Encoder = EncoderKind.BagOfEmbeddings },
    };

    public static TheoryData<string> Variants => [.. _variants.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_PaddedInAnyBatch_EqualsTheRowAlone(string variant)
    {
        using var scope = NewDisposeScope();
        using var encoder = Create(variant);
        var row = LayerChecks.Numbers(2, 1, 4, Width);
        var padded = cat([row, LayerChecks.Numbers(3, 1, Length - 4, Width) * 1000], 1);
        var batch = cat([LayerChecks.Numbers(4, 1, Length, Width), padded, LayerChecks.Numbers(5, 1, Length, Width)]);

        var alone = encoder.call(row, LayerChecks.Mask(4, 4));
        var together = encoder.call(batch, LayerChecks.Mask(Length, 7, 4, 0));

        Assert.Equal([3L, Length, Width], together.shape);
        LayerChecks.AssertClose(alone[0], together[1].narrow(0, 0, 4));
        Assert.False(together.isnan().any().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_AgreesWithFiniteDifferences(string variant)
    {
        using var encoder = Create(variant);
        using var mask = LayerChecks.Mask(5, 5, 2);
        using var keep = mask.unsqueeze(2);
        LayerChecks.AssertGradients(encoder, inputs => encoder.call(inputs[0], mask).mul(keep), LayerChecks.Numbers(4, 2, 5, Width));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Backward_PaddingAndEmptyRows_GetNoGradient(string variant)
    {
        using var scope = NewDisposeScope();
        using var encoder = Create(variant);
        var x = LayerChecks.Numbers(1, 2, 5, Width).requires_grad_();
        var mask = LayerChecks.Mask(5, 3, 0);

        encoder.call(x, mask).masked_fill(mask.logical_not().unsqueeze(2), 0).sum().backward();

        Assert.Equal(0, x.grad![0].narrow(0, 3, 2).abs().sum().item<float>());
        Assert.Equal(0, x.grad![1].abs().sum().item<float>());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Weights_SavedAndLoaded_GiveTheSameOutput(string variant)
    {
        using var scope = NewDisposeScope();
        using var encoder = Create(variant);
        using var other = EncoderFactory.Create(_variants[variant]);
        using var file = new MemoryStream();
        SafetensorsFile.Write(file, ModuleWeights.Get(encoder));
        file.Position = 0;

        ModuleWeights.Set(other, SafetensorsFile.Read(file));

        var (x, mask) = (LayerChecks.Numbers(1, 2, 5, Width), LayerChecks.Mask(5, 5, 3));
        Assert.Equal(encoder.call(x, mask).ToDoubles(), other.call(x, mask).ToDoubles());
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void ForwardAndBackward_LeaveNoTensors(string variant)
    {
        using var encoder = Create(variant);
        using var x = LayerChecks.Numbers(1, 2, 5, Width).requires_grad_();
        using var mask = LayerChecks.Mask(5, 5, 0);
        LiveTensors.AssertNoneLeft(() => encoder.call(x, mask));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Forward_BadInput_SaysWhatIsWrong(string variant)
    {
        using var scope = NewDisposeScope();
        using var encoder = Create(variant);
        var x = LayerChecks.Numbers(1, 2, 3, Width);

        Assert.Contains("[B,L,6]; got [2,3,5]", LayerChecks.Error(() => encoder.call(x.narrow(2, 0, 5), LayerChecks.Mask(3, 3, 3))), StringComparison.Ordinal);
        Assert.Contains("mask must be boolean of shape [B,L]=[2,3]", LayerChecks.Error(() => encoder.call(x, LayerChecks.Mask(3, 3))), StringComparison.Ordinal);
        Assert.Contains("NaN", LayerChecks.Error(() => encoder.call(x * float.NaN, LayerChecks.Mask(3, 3, 3))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("attention, causal", false)]
    [InlineData("lstm, one direction", false)]
    [InlineData("gru, one direction", false)]
    [InlineData("attention, pre-norm, gelu", true)]
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
        using var encoder = EncoderFactory.Create(_options with { Encoder = kind, Dropout = 0.5 });
        var (x, mask) = (LayerChecks.Numbers(1, 1, 5, Width), LayerChecks.Mask(5, 5));

        encoder.train();
        Assert.NotEqual(encoder.call(x, mask).ToDoubles(), encoder.call(x, mask).ToDoubles());
        encoder.eval();
        Assert.Equal(encoder.call(x, mask).ToDoubles(), encoder.call(x, mask).ToDoubles());
    }

    [Fact]
    public void Create_UnknownKind_IsRefused() =>
        Assert.ThrowsAny<ArgumentException>(() => EncoderFactory.Create(_options with { Encoder = (EncoderKind)99 }));

    private static SequenceEncoder Create(string variant) => EncoderFactory.Create(_variants[variant]).WithNumbers();
}
