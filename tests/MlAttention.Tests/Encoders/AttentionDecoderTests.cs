using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Encoders;

public sealed class AttentionDecoderTests
{
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 6, Heads = 3, Layers = 2, FeedForwardWidth = 7, Dropout = 0 };

    [Fact]
    [HandSolved(typeof(AttentionDecoder))]
    public void Forward_ZeroedLayers_IsTheFinalNormAlone()
    {
        using var scope = NewDisposeScope();
        using var decoder = new AttentionDecoder(_options).WithNumbers(scale: 0);
        ModuleWeights.Set(decoder, [.. ModuleWeights.Get(decoder).Select(weight => weight.Name == "norm.weight" ? weight with { Values = [1, 1, 1, 1, 1, 1] } : weight)]);

        // [1..6]: mean 3.5, variance 35/12
        var output = decoder.call(tensor(new float[,,] { { { 1, 2, 3, 4, 5, 6 } } }), LayerChecks.Numbers(1, 1, 5, 6), null);

        LayerChecks.AssertClose([.. Enumerable.Range(1, 6).Select(value => (value - 3.5) / Math.Sqrt(35.0 / 12 + 1e-5))], output);
    }

    [Fact]
    public void Forward_TwoLayers_IsOneAfterTheOther()
    {
        using var scope = NewDisposeScope();
        using var decoder = new AttentionDecoder(_options with { Norm = NormPlacement.Post }, causal: false).WithNumbers();
        var (x, memory, mask) = (LayerChecks.Numbers(1, 2, 5, 6), LayerChecks.Numbers(2, 2, 3, 6), AttentionMask.Padding([3, 1], 3));
        var layers = Enumerable.Range(0, 2).Select(layer =>
        {
            var alone = new DecoderLayer(_options with { Norm = NormPlacement.Post }, causal: false);
            ModuleWeights.Set(alone, [.. ModuleWeights.Get(decoder).Where(weight => weight.Name.StartsWith($"layers.{layer}.", StringComparison.Ordinal)).Select(weight => weight with { Name = weight.Name["layers.0.".Length..] })]);
            return alone;
        }).ToArray();

        LayerChecks.AssertClose(layers[1].call(layers[0].call(x, memory, null, mask), memory, null, mask), decoder.call(x, memory, mask), 0);

        foreach (var layer in layers) layer.Dispose();
    }

    [Fact]
    public void CrossAttentionWeights_OfEachLayer_AreOneOverTheRealMemory()
    {
        using var scope = NewDisposeScope();
        using var decoder = new AttentionDecoder(_options).WithNumbers();

        var weights = decoder.CrossAttentionWeights(LayerChecks.Numbers(1, 2, 5, 6), LayerChecks.Numbers(2, 2, 4, 6), AttentionMask.Padding([4, 2], 4));

        Assert.Equal(2, weights.Count);
        foreach (var layer in weights)
        {
            Assert.Equal([2L, 3, 5, 4], layer.shape);
            LayerChecks.AssertClose(ones(2, 3, 5), layer.sum(3));
            Assert.Equal(0, layer[1].narrow(2, 2, 2).abs().sum().item<float>());
        }
        Assert.True((weights[0] - weights[1]).abs().max().item<float>() > 1e-4);
    }
}
