using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class FactoryTests
{
    [Fact]
    public void Zeros_WithoutType_IsFloat32OfTheShape()
    {
        using Tensor tensor = zeros(2, 3);
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Assert.Equal([2, 3], tensor.shape);
        Values.Equal(new double[6], tensor);
    }

    [Fact]
    public void Full_OfTypeInt64_HasTheValue()
    {
        using Tensor tensor = full([5], 7, ScalarType.Int64);
        Assert.Equal([7, 7, 7, 7, 7], tensor.data<long>().ToArray());
    }

    [Fact]
    public void Arange_WholeNumbers_IsInt64()
    {
        using Tensor tensor = arange(2, 11, 3);
        Assert.Equal(ScalarType.Int64, tensor.dtype);
        Assert.Equal([2, 5, 8], tensor.data<long>().ToArray());
    }

    [Fact]
    public void Arange_RealNumbers_IsFloat32()
    {
        using Tensor tensor = arange(0, 1, 0.25);
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Values.Equal([0, 0.25, 0.5, 0.75], tensor);
    }

    [Fact]
    public void Linspace_IncludesBothEnds() => Values.Equal([-1, -0.5, 0, 0.5, 1], linspace(-1, 1, 5));

    [Fact]
    public void Eye_MoreColumnsThanRows_HasOnesOnTheDiagonal() => Values.Equal([1, 0, 0, 0, 1, 0], eye(2, 3));

    [Fact]
    public void Tensor_OfATwoDimensionalArray_HasItsShapeAndOrder()
    {
        using Tensor result = tensor(new double[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(ScalarType.Float64, result.dtype);
        Assert.Equal([2, 3], result.shape);
        Values.Equal([1, 2, 3, 4, 5, 6], result);
    }

    [Fact]
    public void Tensor_WithDimensionsAndType_ReshapesAndConverts()
    {
        using Tensor result = tensor(new long[] { 1, 2, 3, 4 }, [2, 2], ScalarType.Float32);
        Assert.Equal(ScalarType.Float32, result.dtype);
        Values.Equal([1, 2, 3, 4], result);
    }

    [Fact]
    public void Tensor_OfAnArray_DoesNotFollowTheArray()
    {
        float[] values = [1, 2, 3];
        using Tensor result = tensor(values);
        values[0] = 9;
        Values.Equal([1, 2, 3], result);
    }

    [Fact]
    public void FromArray_SharesTheMemoryOfTheArray()
    {
        float[] values = [1, 2, 3];
        using Tensor result = from_array(values);
        values[0] = 9;
        Values.Equal([9, 2, 3], result);
        result.fill_(4);
        Assert.Equal([4, 4, 4], values);
    }

    [Fact]
    public void Tensor_WithFewerValuesThanDimensions_Throws() =>
        Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2, 3 }, [2, 2]));

    [Fact]
    public void Tensor_OfScalars_HasTheTypeOfTheNumber()
    {
        Assert.Equal(ScalarType.Float32, tensor(1f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(1.0).dtype);
        Assert.Equal(ScalarType.Int32, tensor(1).dtype);
        Assert.Equal(ScalarType.Int64, tensor(1L).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
        Assert.Equal(0, tensor(1L).dim());
    }

    [Fact]
    public void ZerosLike_KeepsTypeAndShape()
    {
        using Tensor source = ones(2, 3, ScalarType.Float64);
        using Tensor result = zeros_like(source);
        Assert.Equal(ScalarType.Float64, result.dtype);
        Assert.Equal([2, 3], result.shape);
        Values.Equal(new double[6], result);
    }

    [Fact]
    public void RequiresGrad_GivenToAFactory_IsSet() => Assert.True(ones(2, requires_grad: true).requires_grad);
}
