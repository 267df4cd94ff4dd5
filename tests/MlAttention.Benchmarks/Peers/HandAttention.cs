using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>Multi-head self-attention: one product for query, key and value, then libtorch's own attention kernel.</summary>
internal sealed class HandAttention : nn.Module<Tensor, Tensor?, Tensor>
{
    [ComponentName(Name = "in_proj_weight")] private readonly Parameter _weight;
    [ComponentName(Name = "in_proj_bias")] private readonly Parameter _bias;
    [ComponentName(Name = "out_proj")] private readonly Linear _output;
    private readonly int _heads;
    private readonly double _dropout;

    public HandAttention(int width, int heads, double dropout) : base(nameof(HandAttention))
    {
        _weight = nn.Parameter(nn.init.xavier_uniform_(empty(3 * width, width)));
        _bias = nn.Parameter(zeros(3 * width));
        _output = nn.Linear(width, width);
        (_heads, _dropout) = (heads, dropout);
        RegisterComponents();
    }

    /// <param name="x">[B,L,D].</param>
    /// <param name="mask">[B,1,1,L], True = may be attended to; null for all.</param>
    public override Tensor forward(Tensor x, Tensor? mask)
    {
        var (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var all = nn.functional.linear(x, _weight, _bias)                       // [B,L,3D]
            .view(batch, length, 3, _heads, width / _heads)                     // [B,L,3,H,Dh]
            .permute(2, 0, 3, 1, 4);                                            // [3,B,H,L,Dh]
        var heads = nn.functional.scaled_dot_product_attention(all[0], all[1], all[2], mask, training ? _dropout : 0);
        return _output.call(heads.transpose(1, 2).reshape(batch, length, width));
    }
}
