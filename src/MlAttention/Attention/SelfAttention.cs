using MlAttention.Attention.Algorithms;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MlAttention.Attention;

/// <summary>One head of attention of a sequence to itself, without biases or output projection: the plain formula.</summary>
/// <remarks>
/// output = softmax((x Wq)(x Wk)^T / sqrt(Dh)) (x Wv): <see cref="CrossAttention"/> whose memory is the sequence itself.
/// Shapes: x [B,L,D] -> output [B,L,Dv]. Parameters: attention.query.weight, attention.key.weight, attention.value.weight.
/// For models use <see cref="MultiHeadAttention"/>. Source: Vaswani et al. 2017, section 3.2.
/// </remarks>
public sealed class SelfAttention : nn.Module<Tensor, AttentionMask?, Tensor>
{
    [ComponentName(Name = "attention")] private readonly CrossAttention _attention;

    /// <summary>Creates the layer with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="width">Width D of the sequence.</param>
    /// <param name="headWidth">Width Dh of queries and keys.</param>
    /// <param name="valueWidth">Width Dv of values and output.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public SelfAttention(int width, int headWidth, int valueWidth) : base(nameof(SelfAttention))
    {
        _attention = new CrossAttention(width, width, headWidth, valueWidth);
        RegisterComponents();
    }

    /// <summary>The output alone.</summary>
    /// <param name="x">The sequence [B,L,D].</param>
    /// <param name="mask">Which positions a position may attend to; null for all.</param>
    /// <returns>[B,L,Dv].</returns>
    public override Tensor forward(Tensor x, AttentionMask? mask) => _attention.call(x, x, mask);

    /// <summary>The output and the weights [B,1,L,L].</summary>
    /// <param name="x">The sequence [B,L,D].</param>
    /// <param name="mask">Which positions a position may attend to; null for all.</param>
    /// <exception cref="ArgumentException">A shape does not fit, or an input has NaN.</exception>
    public AttentionResult Attend(Tensor x, AttentionMask? mask = null) => _attention.Attend(x, x, mask);
}
