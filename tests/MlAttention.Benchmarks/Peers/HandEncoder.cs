using MlAttention.Benchmarks.Comparison;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>A stack of layers. Its parameters are named as in nn.TransformerEncoder, so that both peers load the same weights.</summary>
internal sealed class HandEncoder : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "layers")] private readonly ModuleList<HandLayer> _layers;

    public HandEncoder(ReferenceModel model, double dropout) : base(nameof(HandEncoder))
    {
        _layers = new ModuleList<HandLayer>([.. Enumerable.Range(0, model.Layers).Select(_ => new HandLayer(model, dropout))]);
        RegisterComponents();
    }

    /// <param name="x">[B,L,D].</param>
    /// <param name="real">[B,L], True = a real token; null when all are.</param>
    public override Tensor forward(Tensor x, Tensor? real)
    {
        var mask = real?.view(real.shape[0], 1, 1, -1);                         // [B,1,1,L]
        foreach (var layer in _layers) x = layer.call(x, mask);
        return x;
    }
}
