using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders.Pooling;

/// <summary>The largest value over the real tokens, for each dimension.</summary>
public sealed class MaxPooling() : SequencePooling(nameof(MaxPooling))
{
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var (largest, _) = x.masked_fill(mask.logical_not().unsqueeze(2), Number(double.NegativeInfinity)).max(1);
        return ZeroWhenEmpty(largest, mask);                                             // [B,D]
    }
}
