using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>An elementwise nonlinearity.</summary>
internal delegate Tensor Activation(Tensor x);
