using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders.Pooling;

/// <summary>The vector of the last real token.</summary>
public sealed class LastPooling() : SequencePooling(nameof(LastPooling))
{
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var (rows, width) = (x.shape[0], x.shape[2]);
        var positions = arange(Number(0), Number(x.shape[1]), Number(1), dtype: ScalarType.Int64, device: x.device);
        var (last, _) = positions.unsqueeze(0).masked_fill(mask.logical_not(), Number(0)).max(1);        // [B]
        var vectors = x.gather(1, last.reshape(rows, 1, 1).expand(rows, 1, width)).squeeze(1);   // [B,D]
        return ZeroWhenEmpty(vectors, mask);
    }
}
