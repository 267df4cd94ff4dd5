using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Compat.Tests.Torch;

public sealed class DataAccessTests
{
    [Fact]
    public void Accessor_OfATransposedTensor_ReadsInRowMajorOrder()
    {
        using Tensor x = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]).t();
        TensorAccessor<float> data = x.data<float>();
        Assert.Equal([1f, 4, 2, 5, 3, 6], data.ToArray());
        Assert.Equal(5f, data[1, 1]);
        Assert.Equal(6, data.Count);
    }

    [Fact]
    public void Accessor_WhenWritten_ChangesTheTensor()
    {
        using Tensor x = zeros(2, 2);
        x.data<float>()[1, 0] = 7;
        x.data<float>().CopyFrom(new float[] { 1, 2 });
        Values.Equal([1, 2, 7, 0], x);
    }

    [Fact]
    public void Accessor_CopyTo_FillsASpan()
    {
        using Tensor x = arange(5);
        long[] target = new long[5];
        x.data<long>().CopyTo(target.AsSpan());
        Assert.Equal([0, 1, 2, 3, 4], target);
    }

    [Fact]
    public void Accessor_OfTheWrongType_ThrowsArgumentException() =>
        Assert.Throws<ArgumentException>(() => zeros(2).data<double>());

    [Fact]
    public void Bytes_AreTheElements()
    {
        using Tensor x = tensor(new[] { 1f, 2f });
        Assert.Equal([1f, 2f], MemoryMarshal.Cast<byte, float>(x.bytes).ToArray());
        x.bytes = MemoryMarshal.AsBytes(new[] { 3f, 4f }.AsSpan());
        Values.Equal([3, 4], x);
    }

    [Fact]
    public void Bytes_OfANonContiguousTensor_ThrowsInvalidOperation()
    {
        using Tensor x = zeros(2, 3).t();
        Assert.Throws<InvalidOperationException>(() => x.bytes.Length);
    }

    [Fact]
    public void Item_OfOneElement_IsTheNumber()
    {
        Assert.Equal(2.5f, tensor(2.5f).item<float>());
        Assert.Equal(2.5, tensor(2.5).ToDouble());
        Assert.Equal(2.5f, tensor(2.5f).ToSingle());
        Assert.Equal(7, tensor(7L).ToInt32());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void Conversions_ChangeTheType()
    {
        using Tensor x = tensor(new[] { 0f, 1.9f, -1.9f });
        Assert.Equal([0, 1, -1], x.to(ScalarType.Int64).data<long>().ToArray());
        Assert.Equal([false, true, true], x.to_type(ScalarType.Bool).data<bool>().ToArray());
        Assert.Equal(ScalarType.Float64, x.@double().dtype);
        Assert.Equal(DeviceType.CPU, x.cpu().device_type);
        Assert.False(cuda.is_available());
    }

    [Fact]
    public void Copy_ConvertsAndBroadcasts()
    {
        using Tensor x = zeros(2, 2);
        x.copy_(tensor(new[] { 1L, 2L }));
        Values.Equal([1, 2, 1, 2], x);
    }

    [Fact]
    public void SaveAndLoad_GiveTheSameTensor()
    {
        using var stream = new MemoryStream();
        using Tensor x = tensor(new[] { 1.5, -2, 3 }, [1, 3]);
        using var writer = new BinaryWriter(stream);
        x.Save(writer);
        Assert.Equal([7, 2, 1, 3], stream.ToArray()[..4]);
        stream.Position = 0;
        using Tensor again = Tensor.Load(new BinaryReader(stream));
        Assert.Equal(ScalarType.Float64, again.dtype);
        Assert.Equal([1, 3], again.shape);
        Values.Equal([1.5, -2, 3], again);
    }
}
