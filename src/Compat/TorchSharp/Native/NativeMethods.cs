using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The functions that libmlattention_torch exports, and the way its errors become exceptions.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "mlattention_torch";

    [LibraryImport(Library)]
    private static partial byte* mlattention_last_error();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint mlattention_operator_find(string name, string overload);

    [LibraryImport(Library)]
    internal static partial int mlattention_operator_call(nint op, NativeValue* arguments, int count, NativeValue** results);

    [LibraryImport(Library)]
    internal static partial void mlattention_tensor_release(nint handle);

    [LibraryImport(Library)]
    internal static partial nint mlattention_tensor_share(nint handle);

    [LibraryImport(Library)]
    internal static partial long mlattention_tensor_dim(nint handle);

    [LibraryImport(Library)]
    internal static partial long mlattention_tensor_numel(nint handle);

    [LibraryImport(Library)]
    internal static partial long mlattention_tensor_element_size(nint handle);

    [LibraryImport(Library)]
    internal static partial long mlattention_tensor_storage_offset(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_sizes(nint handle, long* sizes);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_strides(nint handle, long* strides);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_dtype(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_device_type(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_device_index(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_is_contiguous(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_is_sparse(nint handle);

    [LibraryImport(Library)]
    internal static partial nint mlattention_tensor_data(nint handle);

    [LibraryImport(Library)]
    internal static partial nint mlattention_tensor_over_memory(void* data, long* sizes, int dim, int dtype, nint context, delegate* unmanaged<nint, void> release);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_requires_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_set_requires_grad(nint handle, int value);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_is_leaf(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_retain_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial nint mlattention_tensor_grad(nint handle);

    [LibraryImport(Library)]
    internal static partial int mlattention_tensor_set_grad(nint handle, nint grad);

    [LibraryImport(Library)]
    internal static partial int mlattention_grad_mode();

    [LibraryImport(Library)]
    internal static partial void mlattention_set_grad_mode(int enabled);

    [LibraryImport(Library)]
    internal static partial int mlattention_inference_mode();

    [LibraryImport(Library)]
    internal static partial nint mlattention_inference_mode_enter(int enabled);

    [LibraryImport(Library)]
    internal static partial void mlattention_inference_mode_leave(nint mode);

    [LibraryImport(Library)]
    internal static partial int mlattention_backward(nint* tensors, int tensorCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int mlattention_grad(nint* outputs, int outputCount, nint* inputs, int inputCount, nint* gradients, int gradientCount, int retainGraph, int createGraph, int allowUnused, nint* results);

    [LibraryImport(Library)]
    internal static partial nint mlattention_generator_default();

    [LibraryImport(Library)]
    internal static partial nint mlattention_generator_new(ulong seed);

    [LibraryImport(Library)]
    internal static partial void mlattention_generator_release(nint generator);

    [LibraryImport(Library)]
    internal static partial int mlattention_generator_set_seed(nint generator, ulong seed);

    [LibraryImport(Library)]
    internal static partial long mlattention_generator_initial_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial long mlattention_generator_seed(nint generator);

    [LibraryImport(Library)]
    internal static partial nint mlattention_generator_get_state(nint generator);

    [LibraryImport(Library)]
    internal static partial int mlattention_generator_set_state(nint generator, nint state);

    [LibraryImport(Library)]
    internal static partial int mlattention_get_num_threads();

    [LibraryImport(Library)]
    internal static partial int mlattention_set_num_threads(int count);

    [LibraryImport(Library)]
    internal static partial nint mlattention_function_attach(nint* inputs, int inputCount, nint output, nint* saved, int savedCount, delegate* unmanaged[Cdecl]<nint, nint, nint, nint*, nint> backward, delegate* unmanaged[Cdecl]<nint, void> release, nint state);

    [LibraryImport(Library)]
    internal static partial int mlattention_function_saved(nint node, nint* results);

    /// <summary>Throws when a native function reported failure by a negative code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Check(int code)
    {
        if (code < 0)
            Throw();
        return code;
    }

    /// <summary>Throws when a native function reported failure by a null pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static nint CheckNotNull(nint pointer)
    {
        if (pointer == 0)
            Throw();
        return pointer;
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((nint)mlattention_last_error()));
}
