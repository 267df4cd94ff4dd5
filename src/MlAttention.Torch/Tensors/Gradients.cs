namespace MlAttention.Torch.Tensors;

/// <summary>Gradients where some inputs may not have been used.</summary>
internal static class Gradients
{
    /// <summary>The gradient by each input; null by one that the output does not depend on.</summary>
    public static Tensor?[] Of(Tensor output, IList<Tensor> by, Tensor dOutput) =>
        [.. autograd.grad([output], by, [dOutput], allow_unused: true).Select(DefinedOrNull)];

    /// <summary>TorchSharp gives a tensor without content for the gradient of what was not used; it is disposed.</summary>
    private static Tensor? DefinedOrNull(Tensor? gradient)
    {
        if (gradient is not { IsInvalid: true }) return gradient;
        gradient.Dispose();
        return null;
    }
}
