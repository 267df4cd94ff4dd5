using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of random numbers with a state of its own.</summary>
    public class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device device = null)
            : this(NativeMethods.CheckNotNull(NativeMethods.mlattention_generator_new(seed)), device)
        {
        }

        private Generator(nint handle, Device device)
        {
            Handle = handle;
            this.device = device ?? CPU;
        }

        ~Generator() => Dispose(false);

        public static Generator Default => new(NativeMethods.CheckNotNull(NativeMethods.mlattention_generator_default()), CPU);

        public IntPtr Handle { get; private set; }

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.mlattention_generator_set_seed(Handle, (ulong)seed));
            return this;
        }

        public long seed() => NativeMethods.mlattention_generator_seed(Handle);

        public long initial_seed() => NativeMethods.mlattention_generator_initial_seed(Handle);

        public Tensor get_state() => new(NativeMethods.CheckNotNull(NativeMethods.mlattention_generator_get_state(Handle)));

        public void set_state(Tensor value) => NativeMethods.Check(NativeMethods.mlattention_generator_set_state(Handle, value.Handle));

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Handle;
            Handle = 0;
            if (handle != 0)
                NativeMethods.mlattention_generator_release(handle);
        }
    }
}
