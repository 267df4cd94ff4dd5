using MlAttention.Tests.Encoders;
using MlAttention.Tests.Golden;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Detection;

public sealed class ObjectQueryDecoderTests
{
    private static readonly SequenceModelOptions _options = new() { ModelWidth = 4, Heads = 2, Layers = 2, FeedForwardWidth = 8, Dropout = 0 };

    /// <summary>With all weights 0 but those of the queries and norms no sublayer adds anything: the output is the norm of the queries, (1, -1) for (3, 1).</summary>
    [Fact]
    [HandSolved(typeof(ObjectQueryDecoder))]
    public void Decoder_SublayersOfZero_GiveTheNormOfTheQueries()
    {
        using var scope = NewDisposeScope();
        using var decoder = new ObjectQueryDecoder(new() { ModelWidth = 2, Heads = 1, Layers = 1, FeedForwardWidth = 2, Dropout = 0 }, queries: 2);
        ModuleWeights.Set(decoder, [.. ModuleWeights.Get(decoder).Select(weight => weight with
        {
            Values = weight.Name == "queries.weight" ? [3, 1, 0, 5] : [.. weight.Values.Select(_ => weight.Name == "decoder.norm.weight" ? 1f : 0)],
        })]);

        TensorAssert.Close(tensor(new float[] { 1, -1, -1, 1 }, [1, 2, 2]), decoder.call(randn(1, 3, 2)), 1e-4);
    }

    /// <summary>The queries are a set: none comes before another, as in a causal decoder, and none stands at a position.</summary>
    [Fact]
    public void Decoder_QueriesInAnotherOrder_GivesTheSameVectorsInThatOrder()
    {
        using var scope = NewDisposeScope();
        using var decoder = new ObjectQueryDecoder(_options, queries: 3).WithNumbers();
        var memory = LayerChecks.Numbers(1, 2, 5, 4);
        var inOrder = decoder.call(memory);
        ModuleWeights.Set(decoder, [.. ModuleWeights.Get(decoder).Select(weight => weight.Name != "queries.weight" ? weight : weight with { Values = [.. weight.Values[4..], .. weight.Values[..4]] })]);

        TensorAssert.Close(inOrder.roll(-1, 1), decoder.call(memory), 1e-6);
        Assert.NotEqual(TensorAssert.Values(inOrder[0, 0]), TensorAssert.Values(inOrder[0, 1]));
    }

    [Fact]
    public void LayerOutputs_OfTheLastLayer_AreTheOutput()
    {
        using var scope = NewDisposeScope();
        using var decoder = new ObjectQueryDecoder(_options, queries: 3).WithNumbers();
        var memory = LayerChecks.Numbers(1, 2, 5, 4);
        var layers = decoder.LayerOutputs(memory);
        Assert.Equal(2, layers.Count);
        TensorAssert.Close(decoder.call(memory), layers[^1], 0, 0);
        Assert.NotEqual(TensorAssert.Values(layers[0]), TensorAssert.Values(layers[1]));
    }

    [Fact]
    public void CrossAttentionWeights_OfEachLayer_AddUpToOne()
    {
        using var scope = NewDisposeScope();
        using var decoder = new ObjectQueryDecoder(_options, queries: 3).WithNumbers();
        var weights = decoder.CrossAttentionWeights(LayerChecks.Numbers(1, 2, 5, 4));
        Assert.Equal(2, weights.Count);
        Assert.All(weights, layer => Assert.Equal([2, 2, 3, 5], layer.shape));
        Assert.All(weights, layer => TensorAssert.Close(ones(2, 2, 3), layer.sum(-1)));
    }

    [Fact]
    public void Create_NoQueries_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new ObjectQueryDecoder(_options, queries: 0));
}
