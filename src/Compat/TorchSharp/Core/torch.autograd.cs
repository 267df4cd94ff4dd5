using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>The gradients of the outputs with respect to the inputs; the tensors' own grad stays as it is.</summary>
        public static unsafe IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor> grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] from = Handles(outputs);
            nint[] to = Handles(inputs);
            nint[] given = Handles(grad_outputs);
            var results = new nint[to.Length];
            fixed (nint* fromFirst = from, toFirst = to, givenFirst = given, resultsFirst = results)
            {
                NativeMethods.Check(NativeMethods.mlattention_grad(
                    fromFirst, from.Length, toFirst, to.Length, givenFirst, given.Length,
                    retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, resultsFirst));
            }

            KeepAlive(outputs, inputs, grad_outputs);
            return results.Select(handle => new Tensor(handle)).ToList();
        }

        public static unsafe void backward(IList<Tensor> tensors, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null)
        {
            nint[] from = Handles(tensors);
            nint[] given = Handles(grad_tensors);
            nint[] to = Handles(inputs);
            fixed (nint* fromFirst = from, givenFirst = given, toFirst = to)
            {
                NativeMethods.Check(NativeMethods.mlattention_backward(
                    fromFirst, from.Length, givenFirst, given.Length, (retain_graph ?? create_graph) ? 1 : 0, create_graph ? 1 : 0, toFirst, to.Length));
            }

            KeepAlive(tensors, grad_tensors, inputs);
        }

        public static void backward(Tensor tensor, IList<Tensor> grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor> inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        private static nint[] Handles(IList<Tensor> tensors) => tensors is null ? [] : [.. tensors.Select(tensor => tensor.Handle)];

        private static void KeepAlive(params IList<Tensor>[] lists)
        {
            foreach (IList<Tensor> list in lists)
                GC.KeepAlive(list);
        }
    }
}
