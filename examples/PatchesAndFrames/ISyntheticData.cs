using static TorchSharp.torch;

namespace MlAttention.Examples.PatchesAndFrames;

/// <summary>Labelled inputs made from a seed.</summary>
public interface ISyntheticData
{
    int Classes { get; }

    /// <summary>Inputs [B,..] and their classes, int64 [B].</summary>
    (Tensor Inputs, Tensor Labels) Batch(Random random, int rows);
}
