namespace MlAttention.Training;

/// <summary>Where the TorchSharp engine computes.</summary>
public enum DeviceKind
{
    /// <summary>A CUDA device when there is one, the CPU otherwise; the log says which.</summary>
    Auto,
    /// <summary>The processor.</summary>
    Cpu,
    /// <summary>The first CUDA device; an error when there is none.</summary>
    Cuda,
}
