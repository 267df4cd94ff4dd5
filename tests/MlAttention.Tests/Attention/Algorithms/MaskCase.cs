namespace MlAttention.Tests.Attention.Algorithms;

/// <summary>The masks under which algorithms are compared.</summary>
public enum MaskCase
{
    None,
    Padding,
    Causal,
    Window,
    PaddingAndCausal,
    GlobalTokens,
    ByHead,
}
