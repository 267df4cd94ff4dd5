using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>What attention gives back.</summary>
/// <param name="Output">From an algorithm [B,H,L,Dv]; from <see cref="MultiHeadAttention"/> [B,L,D].</param>
/// <param name="Weights">The weights of each head [B,H,L,S], before dropout; null unless they were asked for.</param>
public sealed record AttentionResult(Tensor Output, Tensor? Weights);
