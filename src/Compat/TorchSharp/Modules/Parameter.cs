using TorchSharp.Native;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that a module trains.</summary>
public class Parameter : Tensor
{
    /// <summary>Takes over the native tensor of <paramref name="data"/>, which is invalid afterwards.</summary>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(data.with_requires_grad(requires_grad).MoveHandle())
    {
    }

    private Parameter(nint handle)
        : base(handle)
    {
    }

    /// <summary>A new object over the same native tensor, to be disposed on its own.</summary>
    internal Parameter Share() => new(NativeMethods.mlattention_tensor_share(Handle));
}
