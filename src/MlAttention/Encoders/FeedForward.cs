using MlAttention.Architecture;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>linear2(dropout(activation(linear1(x)))): the same small network at each position.</summary>
/// <remarks>Not a module: the layer owns both parts, under PyTorch's names "linear1" and "linear2".</remarks>
internal sealed class FeedForward(Linear linear1, Linear linear2, ActivationKind activation, double dropout)
{
    private readonly Activation _activation = Activations.Create(activation);

    public Tensor Apply(Tensor x, bool training) =>
        linear2.call(LayerDropout.Apply(_activation(linear1.call(x)), dropout, training));
}
