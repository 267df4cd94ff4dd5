using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => NativeMethods.mlattention_tensor_dim(Handle);

        public long ndim => Dimensions;

        public long NumberOfElements => NativeMethods.mlattention_tensor_numel(Handle);

        public long ElementSize => NativeMethods.mlattention_tensor_element_size(Handle);

        public ScalarType dtype => (ScalarType)NativeMethods.mlattention_tensor_dtype(Handle);

        public DeviceType device_type => (DeviceType)NativeMethods.mlattention_tensor_device_type(Handle);

        public int device_index => NativeMethods.mlattention_tensor_device_index(Handle);

        public Device device => new(device_type, device_index);

        public bool is_sparse => NativeMethods.mlattention_tensor_is_sparse(Handle) != 0;

        public long[] shape => size();

        public Tensor T => Aten.Call("numpy_T", this);

        public Tensor mT => Aten.Call("mT", this);

        public long dim() => Dimensions;

        public long numel() => NumberOfElements;

        public bool is_contiguous() => NativeMethods.mlattention_tensor_is_contiguous(Handle) != 0;

        public bool is_complex() => torch.is_complex(dtype);

        public bool is_floating_point() => torch.is_floating_point(dtype);

        public long storage_offset() => NativeMethods.mlattention_tensor_storage_offset(Handle);

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* first = sizes)
                NativeMethods.Check(NativeMethods.mlattention_tensor_sizes(Handle, first));
            return sizes;
        }

        public long size(int dim) => At(size(), dim);

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* first = strides)
                NativeMethods.Check(NativeMethods.mlattention_tensor_strides(Handle, first));
            return strides;
        }

        public long stride(int dim) => At(stride(), dim);

        private static long At(long[] values, int dim)
        {
            if (dim < -values.Length || dim >= values.Length)
                throw new System.Runtime.InteropServices.ExternalException(
                    $"Dimension out of range (expected to be in range of [{-values.Length}, {values.Length - 1}], but got {dim})");
            return values[dim < 0 ? dim + values.Length : dim];
        }
    }

    public static long numel(Tensor input) => input.numel();

    public static bool is_complex(Tensor input) => input.is_complex();

    public static bool is_floating_point(Tensor input) => input.is_floating_point();
}
