using static TorchSharp.torch;

namespace MlAttention.Benchmarks.Peers;

/// <summary>The mean over the real tokens.</summary>
internal static class MeanPooling
{
    /// <param name="x">[B,L,D].</param>
    /// <param name="real">[B,L], True = a real token; null when all are.</param>
    /// <returns>[B,D].</returns>
    public static Tensor Of(Tensor x, Tensor? real)
    {
        if (real is null) return x.mean([1]);
        var weights = real.unsqueeze(-1).to_type(x.dtype);                      // [B,L,1]
        return (x * weights).sum(1) / weights.sum(1);
    }
}
