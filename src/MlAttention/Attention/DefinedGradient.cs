using static TorchSharp.torch;

namespace MlAttention.Attention;

/// <summary>TorchSharp gives a tensor without content for the gradient of what was not used.</summary>
internal static class DefinedGradient
{
    /// <summary>The gradient, or null for one without content, which is disposed.</summary>
    public static Tensor? OrNull(Tensor? gradient)
    {
        if (gradient is not { IsInvalid: true }) return gradient;
        gradient.Dispose();
        return null;
    }
}
