using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What a function's forward pass leaves for its backward pass.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> _data = [];

            internal AutogradContext()
            {
            }

            internal List<Tensor> ToSave { get; private set; } = [];

            /// <summary>The native node while its backward pass runs.</summary>
            internal nint Node { get; set; }

            public void save_for_backward(List<Tensor> tensors) => ToSave = tensors;

            public void save_data(string key, object value) => _data[key] = value;

            public object get_data(string key) => _data.GetValueOrDefault(key);

            public unsafe List<Tensor> get_saved_variables()
            {
                var handles = new nint[SavedCount];
                fixed (nint* first = handles)
                    NativeMethods.Check(NativeMethods.mlattention_function_saved(Node, first));
                return [.. handles.Select(handle => handle == 0 ? null : new Tensor(handle))];
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing)
                    _data.Clear();
            }

            internal int SavedCount { get; private set; }

            /// <summary>The native node has taken the tensors over.</summary>
            internal void MarkSaved()
            {
                SavedCount = ToSave.Count;
                ToSave = [];
            }
        }
    }
}
