using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>An operation with a backward pass of its own. Subclasses of <see cref="SingleTensorFunction{T}"/> write both passes.</summary>
        public abstract class Function<T> where T : Function<T>, new()
        {
            internal static T Instance { get; } = new();

            public abstract string Name { get; }

            /// <summary>Runs the forward pass without recording, then records the function as one node.</summary>
            public static List<Tensor> apply_internal(params object[] vars)
            {
                Tensor[] inputs = [.. vars.OfType<Tensor>().Where(tensor => !tensor.IsInvalid)];
                bool recorded = is_grad_enabled() && inputs.Any(tensor => tensor.requires_grad);
                var context = new AutogradContext();
                Tensor output;
                using (no_grad())
                    output = Instance.forward_internal(context, vars)[0];
                return [recorded ? FunctionNode.Attach(Instance.Name, vars, inputs, output, context, Instance.backward_internal) : output];
            }

            internal abstract List<Tensor> forward_internal(AutogradContext ctx, params object[] vars);

            internal abstract List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs);
        }

        public abstract class SingleTensorFunction<T> : Function<T> where T : SingleTensorFunction<T>, new()
        {
            public static Tensor apply(params object[] vars) => apply_internal(vars)[0];

            internal sealed override List<Tensor> forward_internal(AutogradContext ctx, params object[] vars) => [forward(ctx, vars)];

            internal sealed override List<Tensor> backward_internal(AutogradContext ctx, List<Tensor> grad_outputs) => backward(ctx, grad_outputs[0]);

            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, Tensor grad_output);
        }

        /// <summary>The managed side of a native node; the node holds it by a handle until it is deleted.</summary>
        private sealed unsafe class FunctionNode
        {
            private readonly string _name;
            private readonly bool[] _isVariable;
            private readonly AutogradContext _context;
            private readonly Func<AutogradContext, List<Tensor>, List<Tensor>> _backward;

            // Keeps the gradients alive until the native side has counted its own references.
            private List<Tensor> _lastGradients;

            private FunctionNode(string name, object[] arguments, AutogradContext context, Func<AutogradContext, List<Tensor>, List<Tensor>> backward)
            {
                _name = name;
                _isVariable = [.. arguments.Select(argument => argument is Tensor { IsInvalid: false })];
                _context = context;
                _backward = backward;
            }

            internal static Tensor Attach(string name, object[] arguments, Tensor[] inputs, Tensor output, AutogradContext context, Func<AutogradContext, List<Tensor>, List<Tensor>> backward)
            {
                var state = GCHandle.Alloc(new FunctionNode(name, arguments, context, backward));
                nint[] from = [.. inputs.Select(tensor => tensor.Handle)];
                nint[] saved = [.. context.ToSave.Select(tensor => tensor is null || tensor.IsInvalid ? 0 : tensor.Handle)];
                fixed (nint* fromFirst = from, savedFirst = saved)
                {
                    nint wrapped = NativeMethods.CheckNotNull(NativeMethods.mlattention_function_attach(
                        fromFirst, from.Length, output.Handle, savedFirst, saved.Length, &Backward, &Release, GCHandle.ToIntPtr(state)));
                    GC.KeepAlive(inputs);
                    GC.KeepAlive(output);
                    GC.KeepAlive(context.ToSave);
                    context.MarkSaved();
                    return new Tensor(wrapped);
                }
            }

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static nint Backward(nint state, nint node, nint gradient, nint* results)
            {
                try
                {
                    ((FunctionNode)GCHandle.FromIntPtr(state).Target).Backward(node, new Tensor(gradient), results);
                    return 0;
                }
                catch (Exception exception)
                {
                    return Marshal.StringToCoTaskMemUTF8(exception.ToString());
                }
            }

            [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
            private static void Release(nint state)
            {
                var handle = GCHandle.FromIntPtr(state);
                ((FunctionNode)handle.Target)._context.Dispose();
                handle.Free();
            }

            private void Backward(nint node, Tensor gradient, nint* results)
            {
                _context.Node = node;
                _lastGradients = _backward(_context, [gradient]);
                if (_lastGradients.Count != _isVariable.Length)
                    throw new InvalidOperationException($"Function {_name} returned an incorrect number of gradients (expected {_isVariable.Length}), got {_lastGradients.Count}");
                for (int i = 0; i < _isVariable.Length; i++)
                {
                    bool defined = _lastGradients[i] is { IsInvalid: false };
                    if (_isVariable[i])
                        *results++ = defined ? _lastGradients[i].Handle : 0;
                    else if (defined)
                        throw new InvalidOperationException($"Function {_name} returned a gradient at position {i + 1}, but the corresponding forward input was not a Tensor");
                }
            }
        }
    }
}
