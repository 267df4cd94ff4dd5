using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders.Pooling;

/// <summary>The mean over the real tokens: pooled = sum_i x_i / n.</summary>
public sealed class MeanPooling() : SequencePooling(nameof(MeanPooling))
{
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var count = mask.sum(1, keepdim: true, type: x.dtype).clamp(min: Number(1));            // [B,1]
        return x.masked_fill(mask.logical_not().unsqueeze(2), Number(0)).sum(1) / count;        // [B,D]
    }
}
