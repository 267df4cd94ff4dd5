namespace MlAttention.Torch.Tensors;

/// <summary>A tensor's numbers where they are. TorchSharp's own accessors take them one by one, some tens of nanoseconds each.</summary>
internal static class TensorMemory
{
    /// <summary>The numbers of a contiguous float32 tensor on a CPU, in its own memory: valid for as long as the tensor.</summary>
    public static Span<float> Floats(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>A copy of the numbers of any tensor, as float32.</summary>
    public static float[] ToFloats(this Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().to(ScalarType.Float32).contiguous().Floats().ToArray();
    }
}
