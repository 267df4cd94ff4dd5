using static TorchSharp.torch;

namespace MlAttention.Engines.Torch;

/// <summary>A batch as the classifier takes it: tokens [B,L] int64 and mask [B,L], True = a real token.</summary>
/// <remarks>One copy from one array each; the tensors belong to the open dispose scope.</remarks>
internal readonly record struct TorchBatch(Tensor Tokens, Tensor Mask)
{
    /// <summary>The batch on a device.</summary>
    public static TorchBatch Of(TokenBatch batch, Device device)
    {
        var count = batch.Rows * batch.Length;
        var tokens = new long[count];
        var mask = new bool[count];
        for (var i = 0; i < count; i++) tokens[i] = batch.Tokens[i];
        for (var row = 0; row < batch.Rows; row++) mask.AsSpan(row * batch.Length, batch.Lengths[row]).Fill(true);
        long[] shape = [batch.Rows, batch.Length];
        return new TorchBatch(tensor(tokens, shape, device: device), tensor(mask, shape, device: device));
    }

    /// <summary>The classes [B] int64.</summary>
    public static Tensor LabelsOf(TokenBatch batch, Device device) => tensor(Array.ConvertAll(batch.Labels, label => (long)label), device: device);
}
