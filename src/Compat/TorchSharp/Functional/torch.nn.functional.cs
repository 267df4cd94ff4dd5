using TorchSharp.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The operations of modules, with their weights as arguments.</summary>
        public static partial class functional
        {
            public static Tensor linear(Tensor input, Tensor weights, Tensor bias = null) => Aten.Call("linear", input, weights, bias);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor weight = null, Tensor bias = null, double eps = 1E-05) =>
                Aten.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                inplace ? Shared(Aten.CallInPlace("dropout_", input, p, training)) : Aten.Call("dropout", input, p, training);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? Shared(Aten.CallInPlace("relu_", x)) : x.relu();

            public static Tensor gelu(Tensor x) => x.gelu();

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                inplace ? Shared(Aten.CallInPlace("elu_", x, alpha)) : Aten.Call("elu", x, alpha);

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? Shared(Aten.CallInPlace("tanh_", x)) : x.tanh();

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Call("one_hot", x, num_classes);

            public static Tensor cosine_similarity(Tensor x1, Tensor x2, long dim = 1, double eps = 1E-08) =>
                Aten.Call("cosine_similarity", x1, x2, dim, eps);

            // The official functions return a new tensor object even when they change their input.
            private static Tensor Shared(Tensor tensor) => new(NativeMethods.mlattention_tensor_share(tensor.Handle));
        }
    }
}
