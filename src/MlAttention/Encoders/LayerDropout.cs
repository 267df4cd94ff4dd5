using MlAttention.Tensors;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>Dropout that costs nothing when it drops nothing.</summary>
internal static class LayerDropout
{
    public static Tensor Apply(Tensor x, double probability, bool training) =>
        training && probability > 0 ? DropoutSource.Apply(x, probability) : x;

    /// <exception cref="ArgumentOutOfRangeException">The probability is not from 0 to below 1.</exception>
    public static double Checked(double dropout) =>
        dropout is >= 0 and < 1 ? dropout : throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "Dropout must be from 0 to below 1.");
}
