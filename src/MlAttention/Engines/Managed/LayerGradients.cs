namespace MlAttention.Engines.Managed;

/// <summary>Where the gradients of one encoder layer's packed weights go.</summary>
internal readonly unsafe struct LayerGradients
{
    public required float* Projection { get; init; }

    public required float* Output { get; init; }

    public required float* Expand { get; init; }

    public required float* Contract { get; init; }

    public required HeadGradients Heads { get; init; }
}
