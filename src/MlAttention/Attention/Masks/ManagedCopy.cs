using static TorchSharp.torch;

namespace MlAttention.Attention.Masks;

/// <summary>Masks keep managed copies, so that a mask owns no native memory and outlives the dispose scope it was made in.</summary>
internal static class ManagedCopy
{
    public static bool[] Of(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().data<bool>().ToArray();
    }
}
