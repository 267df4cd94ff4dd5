using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor over the array's own memory where type and device allow it: writing to one writes to the other.</summary>
    public static Tensor from_array(Array rawArray, Device device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device device = null, bool requires_grad = false, string[] names = null)
    {
        var shape = new long[rawArray.Rank];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = rawArray.GetLength(i);
        return Over(rawArray, shape, dtype, device, requires_grad, names);
    }

    private static Tensor FromScalar(Scalar value, ScalarType own, ScalarType? dtype, Device device, bool requires_grad) =>
        Finished(Aten.Call("scalar_tensor", value, dtype ?? own, Argument.None, InitializeDevice(device)), requires_grad);

    private static Tensor FromArray(Array values, ScalarType? dtype, Device device, bool requires_grad, string[] names, long[] shape = null)
    {
        var copy = (Array)values.Clone();
        return shape is null
            ? from_array(copy, dtype, device, requires_grad, names)
            : Over(copy, shape, dtype, device, requires_grad, names);
    }

    private static unsafe Tensor Over(Array array, long[] shape, ScalarType? dtype, Device device, bool requires_grad, string[] names)
    {
        Type element = array.GetType().GetElementType();
        ScalarType own = TypeOf(element) ?? throw new NotSupportedException($"A tensor cannot hold elements of type {element.Name}.");
        long count = new Size(shape).numel();
        if (count > array.LongLength)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {array.LongLength}");

        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        nint handle;
        fixed (long* sizes = shape)
        {
            handle = NativeMethods.mlattention_tensor_over_memory(
                (void*)pin.AddrOfPinnedObject(), sizes, shape.Length, (int)own, GCHandle.ToIntPtr(pin), &Release);
        }

        Tensor tensor = new(NativeMethods.CheckNotNull(handle));
        device = InitializeDevice(device);
        if ((dtype ?? own) != own || device.type != DeviceType.CPU)
            tensor = tensor.to(dtype ?? own, device, disposeAfter: true);
        return Finished(tensor, requires_grad, names);
    }

    [UnmanagedCallersOnly]
    private static void Release(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
