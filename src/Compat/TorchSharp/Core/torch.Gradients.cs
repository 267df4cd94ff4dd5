using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => NativeMethods.mlattention_grad_mode() != 0;

    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => NativeMethods.mlattention_inference_mode() != 0;

    /// <summary>Sets whether the thread records gradients; disposing restores what was before.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly int _before = NativeMethods.mlattention_grad_mode();

        internal GradMode(bool enabled) => NativeMethods.mlattention_set_grad_mode(enabled ? 1 : 0);

        public void Dispose() => NativeMethods.mlattention_set_grad_mode(_before);
    }

    /// <summary>Sets libtorch's inference mode of the thread until it is disposed.</summary>
    private sealed class InferenceMode(bool enabled) : IDisposable
    {
        private nint _mode = NativeMethods.CheckNotNull(NativeMethods.mlattention_inference_mode_enter(enabled ? 1 : 0));

        public void Dispose()
        {
            nint mode = _mode;
            _mode = 0;
            NativeMethods.mlattention_inference_mode_leave(mode);
        }
    }
}
