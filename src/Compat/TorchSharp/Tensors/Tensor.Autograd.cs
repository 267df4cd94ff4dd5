using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public bool requires_grad
        {
            get => NativeMethods.Check(NativeMethods.mlattention_tensor_requires_grad(Handle)) != 0;
            set => NativeMethods.Check(NativeMethods.mlattention_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public bool is_leaf => NativeMethods.Check(NativeMethods.mlattention_tensor_is_leaf(Handle)) != 0;

        /// <summary>The gradient, as a new tensor object over the same memory; null when there is none.</summary>
#nullable enable annotations
        public Tensor? grad
#nullable disable annotations
        {
            get
            {
                nint gradient = NativeMethods.mlattention_tensor_grad(Handle);
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set => NativeMethods.Check(NativeMethods.mlattention_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => NativeMethods.Check(NativeMethods.mlattention_tensor_retain_grad(Handle));

        public void backward() => autograd.backward(this);

        // The official method hands create_graph on as retain_graph and the other way round; so does this one.
        public void backward(IList<Tensor> grad_tensors = null, bool create_graph = false, bool retain_graph = false, IList<Tensor> inputs = null) =>
            autograd.backward([this], grad_tensors, create_graph, retain_graph, inputs);

        public Tensor detach() => Aten.Call("detach", this);
    }
}
