using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class IndexingTests
{
    private readonly Tensor _x = arange(24).view(2, 3, 4);

    [Fact]
    public void Numbers_SelectFromTheFront()
    {
        Assert.Equal(23, _x[1, 2, 3].ToInt64());
        Values.Equal([20, 21, 22, 23], _x[1, 2]);
        Assert.Equal([3, 4], _x[0].shape);
        Values.Equal([20, 21, 22, 23], _x[-1, -1]);
    }

    [Fact]
    public void Ranges_SliceTheirDimension()
    {
        Values.Equal([1, 2, 13, 14], _x[.., 0, 1..3]);
        Values.Equal([3, 15], _x[.., 0, ^1]);
        Values.Equal([4, 6, 8, 10], _x[0, TensorIndex.Slice(1), TensorIndex.Slice(step: 2)]);
        Values.Equal([0, 1, 2], _x[0, 0, ..^1]);
    }

    [Fact]
    public void EllipsisAndNewDimension_Apply()
    {
        Values.Equal([3, 7, 11, 15, 19, 23], _x[TensorIndex.Ellipsis, 3]);
        Assert.Equal([2, 3, 1, 4], _x[.., .., TensorIndex.Null].shape);
        Assert.Equal([1, 2, 3, 4], _x[TensorIndex.None].shape);
    }

    [Fact]
    public void Tensors_SelectRowsAndMasks()
    {
        using Tensor rows = tensor(new long[] { 2, 0 });
        Values.Equal([8, 9, 10, 11, 0, 1, 2, 3], _x[0, TensorIndex.Tensor(rows)]);
        Values.Equal([22, 23], _x[_x > 21]);
    }

    [Fact]
    public void Assignment_WritesThroughTheIndex()
    {
        using Tensor y = zeros(2, 3);
        y[0, 1] = tensor(5f);
        y[TensorIndex.Colon, TensorIndex.Single(2)] = tensor(new float[] { 7, 8 });
        Values.Equal([0, 5, 7, 0, 0, 8], y);
        using Tensor rows = tensor(new long[] { 1 });
        y.index_put_(tensor(new float[] { 1, 2, 3 }), TensorIndex.Tensor(rows));
        Values.Equal([0, 5, 7, 1, 2, 3], y);
    }

    [Fact]
    public void GatherScatterAndSelect_FollowTheirIndex()
    {
        using Tensor x = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        using Tensor index = tensor(new long[] { 2, 0 }, [2, 1]);
        Values.Equal([3, 4], x.gather(1, index));
        Values.Equal([0, 0, 9, 8, 0, 0], zeros(2, 3).scatter(1, index, tensor(new float[] { 9, 8 }, [2, 1])));
        Values.Equal([3, 1, 6, 4], x.index_select(1, tensor(new long[] { 2, 0 })));
        Values.Equal([2, 5], x.narrow(1, 1, 1));
        Values.Equal([1, 3, 5], x.masked_select(x.remainder(2).eq(1)));
    }

    [Fact]
    public void Index_OutOfRange_ThrowsExternalException()
    {
        var error = Assert.Throws<ExternalException>(() => _x[2]);
        Assert.Contains("out of range", error.Message, StringComparison.Ordinal);
    }
}
