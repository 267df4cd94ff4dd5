using MlAttention.Tests.Encoders;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Embeddings;

public sealed class EmbedPatchesTests
{
    [Fact]
    [HandSolved(typeof(EmbedPatches))]
    public void Forward_FourPatches_AreReadRowByRow()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedPatches(1, 2, 2);
        ModuleWeights.Set(embed, [new("projection.weight", [2, 4], [1, 10, 100, 1000, 0, 0, 0, 1]), new("projection.bias", [2], [0, 0.5f])]);
        var image = tensor(new float[,,,] { { { { 1, 2, 5, 6 }, { 3, 4, 7, 8 }, { 9, 8, 5, 4 }, { 7, 6, 3, 2 } } } });

        var tokens = embed.call(image);

        Assert.Equal([1L, 4, 2], tokens.shape);
        LayerChecks.AssertClose([4321, 4.5, 8765, 8.5, 6789, 6.5, 2345, 2.5], tokens);
    }

    [Fact]
    public void Forward_PrimeSizes_EqualsTheConvolutionOfVisionTransformers()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedPatches(3, 5, 7).WithNumbers();
        using var convolution = nn.Conv2d(3, 7, 5, stride: 5);
        ModuleWeights.Set(convolution,
        [
            new("weight", [7, 3, 5, 5], ModuleWeights.Get(embed).Single(weight => weight.Name == "projection.weight").Values),
            new("bias", [7], ModuleWeights.Get(embed).Single(weight => weight.Name == "projection.bias").Values),
        ]);
        var images = LayerChecks.Numbers(1, 2, 3, 10, 15);

        var expected = convolution.call(images).flatten(2).transpose(1, 2);              // [2,7,2,3] -> [2,6,7]

        LayerChecks.AssertClose(expected, embed.call(images));
    }

    [Fact]
    public void Forward_BadInput_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedPatches(3, 4, 5);
        Assert.Contains("[B,3,Height,Width]; got [3,8,8]", LayerChecks.Error(() => embed.call(zeros(3, 8, 8))), StringComparison.Ordinal);
        Assert.Contains("got [1,2,8,8]", LayerChecks.Error(() => embed.call(zeros(1, 2, 8, 8))), StringComparison.Ordinal);
        Assert.Contains("8 x 10 pixels cannot be cut into patches of 4 x 4", LayerChecks.Error(() => embed.call(zeros(1, 3, 8, 10))), StringComparison.Ordinal);
        Assert.Contains("NaN", LayerChecks.Error(() => embed.call(full([1, 3, 4, 4], float.NaN))), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedPatches(0, 4, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedPatches(3, 0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedPatches(3, 4, 0));
    }
}
