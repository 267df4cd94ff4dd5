namespace MlAttention.Engines.Managed;

/// <summary>Where the gradients of the position parameters go; null for those that the scheme has not.</summary>
internal readonly unsafe struct HeadGradients
{
    /// <summary>Gradient of the score tables.</summary>
    public float* ByDistance { get; init; }

    /// <summary>Gradient of the vectors for keys.</summary>
    public float* ShawKeys { get; init; }

    /// <summary>Gradient of the vectors for values.</summary>
    public float* ShawValues { get; init; }
}
