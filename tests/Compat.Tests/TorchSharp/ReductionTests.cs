using TorchSharp;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class ReductionTests
{
    private readonly Tensor _x = tensor(new[] { 3.0, 1, 2, 6, 5, 4 }, [2, 3]);

    [Fact]
    public void SumsAndMeans_OverAllAndOneDimension()
    {
        Values.Equal(21, _x.sum());
        Values.Equal([9, 6, 6], _x.sum(0L));
        Values.Equal([6, 15], _x.sum(-1));
        Assert.Equal([2, 1], _x.sum(-1, keepdim: true).shape);
        Values.Equal(3.5, _x.mean());
        Values.Equal([2, 5], _x.mean([1]));
        Values.Equal([1, 1], _x.var(1));
        Values.Equal([2.0 / 3, 2.0 / 3], _x.var(1, unbiased: false));
        Values.Equal([1, 1], _x.std(1));
    }

    [Fact]
    public void Extremes_WithTheirPositions()
    {
        (Tensor values, Tensor indexes) = _x.max(1);
        Values.Equal([3, 6], values);
        Assert.Equal([0, 0], indexes.data<long>().ToArray());
        Values.Equal(1, _x.min());
        Values.Equal([1, 4], _x.amin([1]));
        Values.Equal([6, 5, 4], _x.amax([0]));
        Assert.Equal([1, 2], _x.argmin(1).data<long>().ToArray());
        Assert.Equal(3, _x.argmax().ToInt64());
    }

    [Fact]
    public void SortAndTopk_OrderTheLastDimension()
    {
        (Tensor sorted, Tensor order) = _x.sort();
        Values.Equal([1, 2, 3, 4, 5, 6], sorted);
        Assert.Equal([1, 2, 0, 2, 1, 0], order.data<long>().ToArray());
        (Tensor best, Tensor where) = _x.topk(2);
        Values.Equal([3, 2, 6, 5], best);
        Assert.Equal([0, 2, 0, 1], where.data<long>().ToArray());
        Assert.Equal([0, 2, 1, 0, 1, 2], _x.argsort(descending: true).data<long>().ToArray());
    }

    [Fact]
    public void SoftmaxFamily_AgreesWithItsDefinition()
    {
        double[] e = [Math.Exp(3), Math.Exp(1), Math.Exp(2)];
        double total = e.Sum();
        Values.Equal([e[0] / total, e[1] / total, e[2] / total], _x[0].softmax(0), 1e-12);
        Values.Equal([3 - Math.Log(total), 1 - Math.Log(total), 2 - Math.Log(total)], _x[0].log_softmax(0), 1e-12);
        Values.Equal([Math.Log(total), Math.Log(total) + 3], _x.logsumexp(1), 1e-12);
    }

    [Fact]
    public void Softmax_OfNothingButMinusInfinity_IsNotANumber() =>
        Assert.True(full([2], double.NegativeInfinity).softmax(0).isnan().all().ToBoolean());

    [Fact]
    public void CumulativeAndCounting()
    {
        Values.Equal([3, 4, 6, 6, 11, 15], _x.cumsum(1));
        Values.Equal(720, _x.prod());
        Assert.Equal(3, (_x > 3).sum().ToInt64());
        Assert.Equal([0, 2, 1], tensor(new long[] { 1, 2, 1 }).bincount(null).data<long>().ToArray());
    }

    [Fact]
    public void Norms_OfOrderOneAndTwo()
    {
        using Tensor x = tensor(new[] { 3.0, -4 });
        Values.Equal(5, x.norm());
        Values.Equal(7, x.norm(p: 1));
        Values.Equal([Math.Sqrt(45), Math.Sqrt(26), Math.Sqrt(20)], _x.norm(0));
    }
}
