using TorchSharp.Modules;
using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Scales all gradients down so that their common norm is at most max_norm; returns the norm before.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using IDisposable mode = no_grad();
                using DisposeScope scope = NewDisposeScope();
                List<Tensor> gradients = [.. tensors.Select(tensor => tensor.grad).Where(gradient => gradient is not null)];
                if (gradients.Count == 0)
                    return 0;
                Tensor norms = stack(gradients.Select(gradient => Aten.Call("norm.Scalar", gradient, norm_type)));
                double norm = Aten.Call("norm.Scalar", norms, norm_type).ToDouble();
                double factor = max_norm / (norm + 1e-6);
                if (factor < 1)
                    gradients.ForEach(gradient => gradient.mul_(factor));
                return norm;
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using DisposeScope scope = NewDisposeScope();
                return cat(tensors.Select(tensor => tensor.reshape(-1)).ToList()).MoveToOuterDisposeScope();
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using IDisposable mode = no_grad();
                using DisposeScope scope = NewDisposeScope();
                long position = 0;
                foreach (Parameter tensor in tensors)
                {
                    long count = tensor.numel();
                    tensor.copy_(vec.narrow(0, position, count).view(tensor.shape));
                    position += count;
                }
            }
        }
    }
}
