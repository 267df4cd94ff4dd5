using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device device = null, bool requires_grad = false)
    {
        bool whole = start.Kind == ValueKind.Integer && stop.Kind == ValueKind.Integer && step.Kind == ValueKind.Integer;
        ScalarType type = dtype ?? (whole ? ScalarType.Int64 : get_default_dtype());
        return Finished(Aten.Call("arange.start_step", start, stop, step, type, Argument.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
        Finished(Aten.Call("linspace", start, end, steps, dtype ?? get_default_dtype(), Argument.None, InitializeDevice(device)), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Finished(
            Aten.Call("eye.m", rows, columns == -1 ? rows : columns, dtype ?? get_default_dtype(), Argument.None, InitializeDevice(device)),
            requires_grad, names);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device device = null, bool requires_grad = false, string[] names = null) =>
        Finished(input.zeros_like(dtype, device, requires_grad), requires_grad, names);

    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device device = null, bool requires_grad = false) =>
            Finished(Aten.Call("zeros_like", this, dtype ?? this.dtype, Argument.None, device ?? this.device), requires_grad);
    }
}
