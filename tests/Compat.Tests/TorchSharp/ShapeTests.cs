using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class ShapeTests
{
    [Fact]
    public void Reshapes_HaveTheShapesTheyAreAskedFor()
    {
        using Tensor x = arange(30).view(2, 3, 5);
        Assert.Equal([6, 5], x.view(-1, 5).shape);
        Assert.Equal([5, 3, 2], x.permute(2, 1, 0).shape);
        Assert.Equal([2, 5, 3], x.transpose(1, 2).shape);
        Assert.Equal([2, 1, 3, 5], x.unsqueeze(1).shape);
        Assert.Equal([2, 3, 5], x.unsqueeze(0).squeeze(0).shape);
        Assert.Equal([2, 15], x.flatten(1).shape);
        Assert.Equal([7, 2, 3, 5], x.expand(7, -1, -1, -1).shape);
        Assert.Equal([4, 3, 10], x.repeat(2, 1, 2).shape);
        Assert.Equal(5, x.size(-1));
        Assert.Equal(3, x.dim());
        Assert.Equal(30, x.numel());
    }

    [Fact]
    public void Transpose_MovesElements()
    {
        using Tensor x = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        Values.Equal([1, 4, 2, 5, 3, 6], x.transpose(0, 1));
        Assert.False(x.transpose(0, 1).is_contiguous());
        Assert.True(x.transpose(0, 1).contiguous().is_contiguous());
    }

    [Fact]
    public void View_SharesMemory_CloneDoesNot()
    {
        using Tensor x = zeros(4);
        using Tensor copy = x.clone();
        x.view(2, 2).fill_(3);
        Values.Equal([3, 3, 3, 3], x);
        Values.Equal([0, 0, 0, 0], copy);
    }

    [Fact]
    public void Cat_AndStack_Join()
    {
        using Tensor a = tensor(new float[] { 1, 2 });
        using Tensor b = tensor(new float[] { 3, 4 });
        Values.Equal([1, 2, 3, 4], cat([a, b]));
        Values.Equal([1, 3, 2, 4], stack([a, b], 1));
        Assert.Equal([2, 2], stack([a, b]).shape);
    }

    [Fact]
    public void Cat_OfThousandTensors_JoinsAll()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] parts = [.. Enumerable.Range(0, 1000).Select(i => full([1], i))];
        Values.Equal(499500, cat(parts).sum());
    }

    [Fact]
    public void Split_AndChunk_CutTheWholeTensor()
    {
        using Tensor x = arange(7);
        Assert.Equal([3, 3, 1], x.split(3).Select(part => part.numel()));
        Assert.Equal([2, 5], x.split([2, 5], 0).Select(part => part.numel()));
        Assert.Equal([4, 3], x.chunk(2).Select(part => part.numel()));
        Assert.Equal(7, x.unbind().Length);
    }

    [Fact]
    public void Tril_AndTriu_KeepOneSide()
    {
        using Tensor x = ones(3, 3);
        Values.Equal([1, 0, 0, 1, 1, 0, 1, 1, 1], x.tril());
        Values.Equal([0, 1, 1, 0, 0, 1, 0, 0, 0], x.triu(1));
    }

    [Fact]
    public void ToString_TellsShapeTypeAndDevice() =>
        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
}
