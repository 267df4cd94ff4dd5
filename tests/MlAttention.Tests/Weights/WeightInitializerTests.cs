using MlAttention.Core.Weights;

namespace MlAttention.Tests.Weights;

public class WeightInitializerTests
{
    private static readonly SequenceModelOptions Model = new() { ModelWidth = 12, Heads = 3, FeedForwardWidth = 20, Layers = 2, MaxLength = 7 };

    [Fact]
    public void Create_VariantsOfOneSeed_ShareTheirCommonWeights()
    {
        var sinusoidal = Create(Model, 5);
        var shaw = Create(Model with { Positions = PositionScheme.ShawRelative, Norm = NormPlacement.Post, Pooling = PoolingKind.Attention }, 5);

        foreach (var name in sinusoidal.Keys.Intersect(shaw.Keys)) Assert.Equal(sinusoidal[name], shaw[name]);
        Assert.NotEqual(sinusoidal["head.weight"], Create(Model, 6)["head.weight"]);
        Assert.NotEqual(sinusoidal["encoder.layers.0.linear1.weight"], sinusoidal["encoder.layers.1.linear1.weight"]);
    }

    [Theory]
    [InlineData(PoolingKind.Mean, 53)]
    [InlineData(PoolingKind.Cls, 52)]
    public void Create_Embedding_HasZeroPaddingAndUnknownAndUnitVarianceAfterScaling(PoolingKind pooling, int unknown)
    {
        var embedding = Create(Model with { Pooling = pooling }, 5)["embedding.weight"].Chunk(12).ToArray();

        Assert.All(embedding[0], value => Assert.Equal(0, value));
        Assert.All(embedding[unknown], value => Assert.Equal(0, value));
        var others = embedding.Where((_, row) => row != 0 && row != unknown).SelectMany(row => row).ToArray();
        Assert.DoesNotContain(0f, others);
        Assert.Equal(1, others.Average(value => 12 * value * value), 0.2);
    }

    [Theory]
    [InlineData("encoder.layers.1.self_attn.in_proj_weight", 0.3535534)]
    [InlineData("encoder.layers.1.self_attn.out_proj.weight", 0.2886751)]
    [InlineData("encoder.layers.0.linear2.weight", 0.2236068)]
    [InlineData("encoder.layers.0.linear2.bias", 0.2236068)]
    [InlineData("head.bias", 0.2886751)]
    public void Create_Matrices_AreUniformWithinTorchsBound(string name, double bound)
    {
        var values = Create(Model, 5)[name];

        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.True(values.Max(Math.Abs) > bound * 0.6);
    }

    [Theory]
    [InlineData("encoder.layers.1.norm2.weight", 1)]
    [InlineData("encoder.norm.weight", 1)]
    [InlineData("encoder.norm.bias", 0)]
    [InlineData("encoder.layers.0.self_attn.in_proj_bias", 0)]
    [InlineData("encoder.layers.0.self_attn.out_proj.bias", 0)]
    public void Create_NormsAndAttentionBiases_AreConstant(string name, float expected) =>
        Assert.All(Create(Model, 5)[name], value => Assert.Equal(expected, value));

    [Fact]
    public void Decays_OnlyMatricesThatAreNoLookupTable()
    {
        var model = Model with { Positions = PositionScheme.ShawRelative };

        var decaying = WeightLayout.Of(model, 54, 5).Where(weight => weight.Decays).Select(weight => weight.Name[(weight.Name.LastIndexOf("layers.1.", StringComparison.Ordinal) + 1)..]).Distinct();

        Assert.All(decaying, name => Assert.True(name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith("in_proj_weight", StringComparison.Ordinal)));
        Assert.DoesNotContain(decaying, name => name.Contains("norm", StringComparison.Ordinal) || name.Contains("embedding", StringComparison.Ordinal));
        Assert.Equal(9, WeightLayout.Of(model, 54, 5).Count(weight => weight.Decays));
    }

    private static Dictionary<string, float[]> Create(SequenceModelOptions model, int seed) =>
        WeightInitializer.Create(WeightLayout.Of(model, 54, 5), seed).ToDictionary(weight => weight.Name, weight => weight.Values);
}
