using MlAttention.Tests.Encoders;
using MlAttention.Tests.Layers;
using static TorchSharp.torch;

namespace MlAttention.Tests.Embeddings;

public sealed class EmbedFramesTests
{
    [Fact]
    [HandSolved(typeof(EmbedFrames))]
    public void Forward_StackedWithStride_IsTheHandSolvedValue()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedFrames(2, 1, stack: 3, stride: 2);
        ModuleWeights.Set(embed, [new("projection.weight", [1, 6], [1, 10, 100, 1000, 10000, 100000]), new("projection.bias", [1], [0.5f])]);
        var frames = tensor(new float[,,] { { { 1, 2 }, { 3, 4 }, { 5, 6 }, { 7, 8 }, { 9, 1 }, { 2, 2 } } });

        var tokens = embed.call(frames);

        // Frames 0 to 2 and 2 to 4; frame 5 begins no whole token.
        Assert.Equal([1L, 2, 1], tokens.shape);
        LayerChecks.AssertClose([654321.5, 198765.5], tokens);
    }

    [Theory]
    [InlineData(7, 1, 1, 7)]
    [InlineData(7, 3, 1, 5)]
    [InlineData(7, 3, 3, 2)]
    [InlineData(7, 2, 5, 2)]
    [InlineData(7, 7, 2, 1)]
    public void Forward_AnyStackAndStride_HasAsManyTokensAsFit(int length, int stack, int stride, int expected)
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedFrames(3, 5, stack, stride);

        Assert.Equal([2L, expected, 5], embed.call(LayerChecks.Numbers(1, 2, length, 3)).shape);
        Assert.Equal([2L, expected], embed.TokenMask(LayerChecks.Mask(length, length, 1)).shape);
    }

    [Fact]
    public void TokenMask_TokenWithAPaddedFrame_IsPadding()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedFrames(1, 1, stack: 3, stride: 2);

        var mask = embed.TokenMask(LayerChecks.Mask(7, 7, 6, 5, 2, 0));

        Assert.Equal([3.0, 2, 2, 0, 0], mask.sum(1).ToDoubles());
    }

    [Fact]
    public void Forward_BadInput_SaysWhatIsWrong()
    {
        using var scope = NewDisposeScope();
        using var embed = new EmbedFrames(2, 5, stack: 3);
        Assert.Contains("frames must have shape [B,T,F]=[B,T,2]; got [1,7,3]", LayerChecks.Error(() => embed.call(zeros(1, 7, 3))), StringComparison.Ordinal);
        Assert.Contains("frames has 2 frames; a token stacks 3", LayerChecks.Error(() => embed.call(zeros(1, 2, 2))), StringComparison.Ordinal);
        Assert.Contains("NaN", LayerChecks.Error(() => embed.call(full([1, 3, 2], float.NaN))), StringComparison.Ordinal);
        Assert.Contains("frameMask must be boolean of shape [B,T]; got Float32 [1,7]", LayerChecks.Error(() => embed.TokenMask(zeros(1, 7))), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedFrames(0, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedFrames(2, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedFrames(2, 5, stack: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EmbedFrames(2, 5, stride: 0));
    }
}
