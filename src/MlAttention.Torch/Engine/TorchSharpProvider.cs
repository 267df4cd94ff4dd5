using MlAttention.Core.Engines;

namespace MlAttention.Torch.Engine;

/// <summary>Offers the TorchSharp engine where libtorch can be loaded.</summary>
internal sealed class TorchSharpProvider : IEngineProvider
{
    /// <inheritdoc/>
    public EngineKind Kind => EngineKind.TorchSharp;

    /// <inheritdoc/>
    public string? ReasonAgainst(EngineConfiguration configuration) => LibTorch.ReasonAgainst ?? TorchDevice.ReasonAgainst(configuration.Compute.Device);

    /// <inheritdoc/>
    public ISequenceEngine CreateEngine(EngineConfiguration configuration) => new TorchSharpEngine(configuration);

    /// <inheritdoc/>
    public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => new TorchSharpScorer(configuration, weights);
}
