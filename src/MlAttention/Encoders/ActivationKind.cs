namespace MlAttention.Encoders;

/// <summary>The nonlinearity of the feed-forward network.</summary>
public enum ActivationKind
{
    /// <summary>max(0, x).</summary>
    Relu,
    /// <summary>x Φ(x), exact (Hendrycks and Gimpel 2016).</summary>
    Gelu,
}
