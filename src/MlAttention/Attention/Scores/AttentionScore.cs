using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

/// <summary>How well each query matches each key.</summary>
/// <remarks>
/// forward: query [..,L,Dk], key [..,S,Dk] -> scores [..,L,S]. The additive score also takes keys of another width than the queries.
/// </remarks>
public abstract class AttentionScore : nn.Module<Tensor, Tensor, Tensor>
{
    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    protected AttentionScore(string name) : base(name)
    {
    }
}
