namespace MlAttention;

/// <summary>What runs a model while it is trained, and where.</summary>
public sealed record ComputeOptions
{
    /// <summary>Most <see cref="Threads"/>: 256, or as many as the machine has processors, if it has more.</summary>
    public static int MaxThreads => Math.Max(256, Environment.ProcessorCount);

    /// <summary>What runs the model.</summary>
    /// <value>Default <see cref="EngineKind.Auto"/>.</value>
    public EngineKind Engine { get; init; } = EngineKind.Auto;

    /// <summary>Where the TorchSharp engine computes.</summary>
    /// <value>Default <see cref="DeviceKind.Auto"/>.</value>
    public DeviceKind Device { get; init; } = DeviceKind.Auto;

    /// <summary>Threads of the engine. Another number of threads may round sums differently, and beyond two a model of width 256 or more drops other values.</summary>
    /// <value>0 for the engine's own choice, or up to <see cref="MaxThreads"/>; default 0.</value>
    public int Threads { get; init; }

    internal void Validate(OptionErrors errors)
    {
        errors.Require(Enum.IsDefined(Engine), "Compute.Engine", Engine, "is not an engine");
        errors.Require(Enum.IsDefined(Device), "Compute.Device", Device, "is not a device");
        errors.Require(Threads >= 0 && Threads <= MaxThreads, "Compute.Threads", Threads, $"must be from 0 to {MaxThreads}");
    }
}

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
