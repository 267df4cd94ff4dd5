namespace MlAttention.Ablation;

/// <summary>On what the runs were made.</summary>
public sealed record RunEnvironment
{
    /// <summary>Version of this library.</summary>
    public required string Version { get; init; }

    /// <summary>Versions of ML.NET, TorchSharp and libtorch.</summary>
    public required string Libraries { get; init; }

    /// <summary>Version of .NET.</summary>
    public required string Runtime { get; init; }

    /// <summary>Operating system.</summary>
    public required string System { get; init; }

    /// <summary>Processor.</summary>
    public required string Processor { get; init; }

    /// <summary>Logical processors.</summary>
    public required int Cores { get; init; }

    /// <summary>Widest vectors the runtime uses, for example "AVX-512".</summary>
    public required string Vectors { get; init; }
}
