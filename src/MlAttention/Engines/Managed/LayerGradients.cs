namespace MlAttention.Engines.Managed;

/// <summary>Where the gradients of one encoder layer's packed weights go.</summary>
internal readonly unsafe struct LayerGradients
{
    public required float* Projection { get; init; }

    public required float* Output { get; init; }

    public required float* Expand { get; init; }

    public required float* Contract { get; init; }

    /// <summary>[2][D][N]: of gain and bias, lane by lane.</summary>
    public required float* Norm1 { get; init; }

    /// <inheritdoc cref="Norm1"/>
    public required float* Norm2 { get; init; }

    public required HeadGradients Heads { get; init; }
}
