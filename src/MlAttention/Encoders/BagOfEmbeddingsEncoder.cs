using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>The embeddings as they are: no token sees another. The baseline that shows what context is worth.</summary>
/// <param name="width">The width D of the vectors.</param>
public sealed class BagOfEmbeddingsEncoder(int width) : SequenceEncoder(nameof(BagOfEmbeddingsEncoder), width)
{
    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask) => x.alias();
}
