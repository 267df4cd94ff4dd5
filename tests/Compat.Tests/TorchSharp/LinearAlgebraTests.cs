using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class LinearAlgebraTests
{
    private readonly Tensor _a = tensor(new[] { 1.0, 2, 3, 4, 5, 6 }, [2, 3]);
    private readonly Tensor _b = tensor(new[] { 1.0, 0, -1, 2, 1, 3 }, [3, 2]);

    [Fact]
    public void Products_OfMatrices()
    {
        double[] product = [2, 13, 5, 28];
        Values.Equal(product, _a.matmul(_b));
        Values.Equal(product, _a.mm(_b));
        Values.Equal(product, _a.unsqueeze(0).bmm(_b.unsqueeze(0)));
        Values.Equal(product, einsum("ij,jk->ik", _a, _b));
        Values.Equal([5, 27, 11, 57], zeros(2, 2, ScalarType.Float64).add(1).addmm(_a, _b, 1, 2));
    }

    [Fact]
    public void Products_OfVectors()
    {
        using Tensor v = tensor(new[] { 1.0, -1, 2 });
        Values.Equal(6, v.dot(v));
        Values.Equal([5, 11], _a.mv(v));
        Values.Equal([1, -1, 2, -1, 1, -2, 2, -2, 4], v.outer(v));
    }

    [Fact]
    public void Matmul_OfBatches_BroadcastsTheLeadingDimensions()
    {
        using Tensor left = randn(7, 1, 2, 3);
        using Tensor right = randn(5, 3, 11);
        using Tensor product = left.matmul(right);
        Assert.Equal([7, 5, 2, 11], product.shape);
        using Tensor one = left[6, 0].mm(right[4]);
        Assert.True(product[6, 4].allclose(one, 1e-5, 1e-6));
    }

    [Fact]
    public void Einsum_OfAttentionScores_EqualsMatmul()
    {
        using Tensor query = randn(2, 3, 5, 7);
        using Tensor key = randn(2, 3, 11, 7);
        Assert.True(einsum("bhld,bhsd->bhls", query, key).allclose(query.matmul(key.transpose(-2, -1)), 1e-5, 1e-5));
    }
}
