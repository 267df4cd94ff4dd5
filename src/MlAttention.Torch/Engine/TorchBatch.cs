using MlAttention.Core.Sequences;

namespace MlAttention.Torch.Engine;

/// <summary>A batch as the classifier takes it: tokens [B,L] int64 and mask [B,L], True = a real token.</summary>
/// <remarks>
/// Each tensor lies over one pinned array of .NET, without a copy and without a tensor for each row; the array is unpinned when
/// the tensor is disposed of. The tensors belong to the open dispose scope.
/// </remarks>
internal readonly record struct TorchBatch(Tensor Tokens, Tensor Mask)
{
    /// <summary>The batch on a device.</summary>
    public static TorchBatch Of(TokenBatch batch, Device device)
    {
        var tokens = new long[batch.Rows, batch.Length];
        var mask = new bool[batch.Rows, batch.Length];
        for (var row = 0; row < batch.Rows; row++)
            for (var column = 0; column < batch.Length; column++)
            {
                tokens[row, column] = batch.Tokens[row * batch.Length + column];
                mask[row, column] = column < batch.Lengths[row];
            }
        return new TorchBatch(from_array(tokens, device), from_array(mask, device));
    }

    /// <summary>The classes [B] int64.</summary>
    public static Tensor LabelsOf(TokenBatch batch, Device device) => from_array(Array.ConvertAll(batch.Labels, label => (long)label), device);
}
