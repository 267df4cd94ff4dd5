using MlAttention.Weights;

namespace MlAttention.Engines;

/// <summary>An engine whose gradients can be seen, so that engines can be compared with each other and with a reference.</summary>
internal interface IGradientEngine : ISequenceEngine
{
    /// <summary>The gradients accumulated since the last step, before clipping.</summary>
    IReadOnlyList<WeightTensor> GetGradients();
}
