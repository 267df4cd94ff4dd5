namespace MlAttention.Torch.Engine;

/// <summary>Offers the TorchSharp engine where libtorch can be loaded.</summary>
internal sealed class TorchSharpProvider : IEngineProvider
{
    public EngineKind Kind => EngineKind.TorchSharp;

    public string? ReasonAgainst(EngineConfiguration configuration) => LibTorch.ReasonAgainst ?? TorchDevice.ReasonAgainst(configuration.Compute.Device);

    public ISequenceEngine CreateEngine(EngineConfiguration configuration) => new TorchSharpEngine(configuration);

    public ISequenceScorer CreateScorer(EngineConfiguration configuration, IReadOnlyList<WeightTensor> weights) => new TorchSharpScorer(configuration, weights);
}

/// <summary>From the option to a device of libtorch.</summary>
internal static class TorchDevice
{
    /// <summary>Why the device asked for cannot be had; null when it can.</summary>
    public static string? ReasonAgainst(DeviceKind kind) => kind == DeviceKind.Cuda && !cuda.is_available()
        ? "Device = Cuda, but libtorch finds no CUDA device. Install the package TorchSharp-cuda and a driver, or use Device = Auto or Cpu."
        : null;

    /// <summary>The device.</summary>
    public static Device Of(DeviceKind kind) => kind switch
    {
        DeviceKind.Cpu => CPU,
        DeviceKind.Cuda => CUDA,
        _ => cuda.is_available() ? CUDA : CPU,
    };
}
