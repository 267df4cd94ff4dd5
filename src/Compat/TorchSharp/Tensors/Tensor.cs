using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor of libtorch. It owns one reference to the native tensor until it is disposed or finalized.</summary>
    public partial class Tensor : IDisposable
    {
        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;

        internal Tensor(nint handle)
        {
            _handle = handle;
            long count = Interlocked.Increment(ref _totalCount);
            _peakCount = Math.Max(count, _peakCount);
            OwningDisposeScope = DisposeScopeManager.OfThread.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => _totalCount;

        public static long PeakCount => _peakCount;

        public bool IsInvalid => _handle == 0;

        public IntPtr Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public string name { get; set; }

        internal DisposeScope OwningDisposeScope { get; set; }

        // Zero once disposed, where Handle throws.
        internal nint HandleOrZero => _handle;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope other)
        {
            if (OwningDisposeScope is null)
                other?.Attach(this);
            else
                OwningDisposeScope.MoveToOther(other, this);
            return this;
        }

        public override bool Equals(object obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => base.GetHashCode();

        public override string ToString()
        {
            if (IsInvalid)
                return "";
            return $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";
        }

        /// <summary>Gives the native reference away. As in the official package, the live count keeps counting it.</summary>
        internal nint MoveHandle()
        {
            nint handle = _handle;
            _handle = 0;
            return handle;
        }

        protected virtual void Dispose(bool disposing)
        {
            OwningDisposeScope?.MarkAsDisposed(this);
            nint handle = _handle;
            if (handle == 0)
                return;
            _handle = 0;
            Interlocked.Decrement(ref _totalCount);
            NativeMethods.mlattention_tensor_release(handle);
        }
    }
}
