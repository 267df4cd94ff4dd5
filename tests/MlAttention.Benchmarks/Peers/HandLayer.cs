using MlAttention.Benchmarks.Comparison;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>A post-norm encoder layer with relu. Its parameters are named as in nn.TransformerEncoderLayer.</summary>
internal sealed class HandLayer : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "self_attn")] private readonly HandAttention _attention;
    [ComponentName(Name = "linear1")] private readonly Linear _linear1;
    [ComponentName(Name = "linear2")] private readonly Linear _linear2;
    [ComponentName(Name = "norm1")] private readonly LayerNorm _norm1;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _norm2;
    private readonly Dropout _dropout;

    public HandLayer(ReferenceModel model, double dropout) : base(nameof(HandLayer))
    {
        _attention = new HandAttention(model.Width, model.Heads, dropout);
        _linear1 = nn.Linear(model.Width, model.Hidden);
        _linear2 = nn.Linear(model.Hidden, model.Width);
        _norm1 = nn.LayerNorm(model.Width);
        _norm2 = nn.LayerNorm(model.Width);
        _dropout = nn.Dropout(dropout);
        RegisterComponents();
    }

    /// <param name="x">[B,L,D].</param>
    /// <param name="mask">[B,1,1,L], True = may be attended to; null for all.</param>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        x = _norm1.call(x + _dropout.call(_attention.call(x, mask)));
        var hidden = _dropout.call(nn.functional.relu(_linear1.call(x)));
        return _norm2.call(x + _dropout.call(_linear2.call(hidden)));
    }
}
