using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class AttentionEncoderTests
{
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 2, Layers = 3, FeedForwardWidth = 7, Dropout = 0 };

    [Theory]
    [InlineData(NormPlacement.Pre, null, true)]
    [InlineData(NormPlacement.Post, null, false)]
    [InlineData(NormPlacement.Pre, false, false)]
    [InlineData(NormPlacement.Post, true, true)]
    public void Create_FinalNorm_FollowsPreNormLayersUnlessAskedFor(NormPlacement norm, bool? asked, bool expected)
    {
        using var encoder = new AttentionEncoder(_options with { Norm = norm }, finalNorm: asked);
        Assert.Equal(expected, encoder.has_parameter("norm.weight"));
    }

    [Fact]
    [HandSolved(typeof(AttentionEncoder))]
    public void Forward_ZeroedLayers_IsTheFinalNormAlone()
    {
        using var scope = NewDisposeScope();
        using var encoder = new AttentionEncoder(_options).WithNumbers(scale: 0);
        ModuleWeights.Set(encoder, [.. ModuleWeights.Get(encoder).Select(weight => weight.Name == "norm.weight" ? weight with { Values = [1, 1, 1, 1, 1, 1] } : weight)]);

        // [1..6]: mean 3.5, variance 35/12
        var output = encoder.call(tensor(new float[,,] { { { 1, 2, 3, 4, 5, 6 } } }), LayerChecks.Mask(1, 1));

        LayerChecks.AssertClose([.. Enumerable.Range(1, 6).Select(value => (value - 3.5) / Math.Sqrt(35.0 / 12 + 1e-5))], output);
    }

    [Fact]
    public void Forward_TokensPermuted_PermutesTheOutput()
    {
        using var scope = NewDisposeScope();
        using var encoder = new AttentionEncoder(_options).WithNumbers();
        var x = LayerChecks.Numbers(1, 1, 5, 6);
        var order = tensor(new long[] { 3, 0, 4, 1, 2 });
        var mask = LayerChecks.Mask(5, 5);

        LayerChecks.AssertClose(encoder.call(x, mask).index_select(1, order), encoder.call(x.index_select(1, order), mask));
    }

    [Fact]
    public void AttentionWeights_AreThoseOfTheForwardPass()
    {
        using var scope = NewDisposeScope();
        using var encoder = new AttentionEncoder(_options).WithNumbers();
        var (x, mask) = (LayerChecks.Numbers(1, 2, 5, 6), LayerChecks.Mask(5, 5, 0));

        var weights = encoder.AttentionWeights(x, mask);

        Assert.Equal(3, weights.Count);
        foreach (var layer in weights)
        {
            LayerChecks.AssertClose(ones(2, 5), layer[0].sum(2));
            Assert.Equal(0, layer[1].abs().sum().item<float>());
        }
        Assert.True((weights[0] - weights[1]).abs().max().item<float>() > 1e-4);
    }

    [Fact]
    public void Parameters_HavePyTorchsNames()
    {
        using var encoder = new AttentionEncoder(_options);
        var names = ModuleWeights.Get(encoder).Select(weight => weight.Name).ToList();
        Assert.Equal(3 * 12 + 2, names.Count);
        Assert.Contains("layers.2.self_attn.in_proj_weight", names);
        Assert.Contains("norm.bias", names);
    }
}
