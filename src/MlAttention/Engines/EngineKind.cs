namespace MlAttention.Engines;

/// <summary>What runs a model.</summary>
public enum EngineKind
{
    /// <summary>The managed engine on a CPU where it covers the configuration, TorchSharp otherwise; the log says which and why.</summary>
    Auto,
    /// <summary>TorchSharp over libtorch: every variant, CPU or GPU. The reference.</summary>
    TorchSharp,
    /// <summary>Plain C# on SIMD kernels; needs no native library.</summary>
    Managed,
}
