using MlAttention.Architecture;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Puts a sublayer between layer norm, dropout and the residual sum.</summary>
/// <remarks>
/// Pre: x + dropout(f(norm(x))). Post: norm(x + dropout(f(x))).
/// Source: Xiong et al. 2020, figure 1; Vaswani et al. 2017, section 3.1.
/// </remarks>
internal sealed class ResidualConnection(NormPlacement placement, double dropout)
{
    public Tensor Apply(Tensor x, LayerNorm norm, Func<Tensor, Tensor> sublayer, bool training) => placement switch
    {
        NormPlacement.Pre => x + LayerDropout.Apply(sublayer(norm.call(x)), dropout, training),
        NormPlacement.Post => norm.call(x + LayerDropout.Apply(sublayer(x), dropout, training)),
        _ => throw new InvalidOperationException($"The norm placement {placement} is not known."),
    };
}
