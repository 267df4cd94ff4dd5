using static TorchSharp.torch;

namespace MlAttention.Encoders.Pooling;

/// <summary>The vector of the first token, where a trained token was put before the sequence.</summary>
/// <remarks>Source: Devlin et al. 2019, section 3, the token [CLS].</remarks>
public sealed class ClsPooling() : SequencePooling(nameof(ClsPooling))
{
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor x, Tensor mask) => ZeroWhenEmpty(x.select(1, 0), mask);
}
