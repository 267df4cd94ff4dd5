using TorchSharp.Modules;
using TorchSharp.Utils;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders.Pooling;

/// <summary>A mean over the real tokens, weighted by how well each matches one trained query.</summary>
/// <remarks>
/// pooled = softmax(x · query / sqrt(D)) · x
/// Weight: query [D]. Source: Yang et al. 2016, section 2.2 (their u_w), with the score of Vaswani et al. 2017, equation 1.
/// </remarks>
public sealed class AttentionPooling : SequencePooling
{
    [ComponentName(Name = "query")] private readonly Parameter _query;

    /// <summary>A new pooling; the query starts at zero, so that training starts from the mean.</summary>
    /// <param name="width">The width D of the vectors; at least 1.</param>
    public AttentionPooling(int width) : base(nameof(AttentionPooling), width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _query = nn.Parameter(zeros(width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var real = x.masked_fill(mask.logical_not().unsqueeze(2), Number(0));
        var scores = real.matmul(_query) / Number(Math.Sqrt(x.shape[2]));                                       // [B,L]
        var weights = scores.masked_fill(mask.logical_not(), Number(float.MinValue)).softmax(1).unsqueeze(1);  // [B,1,L]
        return ZeroWhenEmpty(weights.matmul(real).squeeze(1), mask);                                   // [B,D]
    }
}
