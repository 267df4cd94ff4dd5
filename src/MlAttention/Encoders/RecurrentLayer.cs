using TorchSharp.Utils;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>One recurrent layer: a cell that reads forwards and, optionally, one that reads backwards from each row's last token.</summary>
/// <remarks>
/// Rows are padded on the right, so reading forwards never meets padding before a token; reading backwards is reading the
/// row's tokens, reversed, forwards. Padding changes no token's output, and no row needs to be packed.
/// Shapes: x [B,L,D], mask [B,L] -> [B,L,hidden] or, in both directions, [B,L,2 hidden].
/// </remarks>
internal sealed class RecurrentLayer<TCell> : nn.Module<Tensor, Tensor, Tensor>
    where TCell : nn.Module
{
    [ComponentName(Name = "forward")] private readonly TCell _forward;
    [ComponentName(Name = "backward")] private readonly TCell? _backward;
    private readonly Func<TCell, Tensor, Tensor> _read;

    public RecurrentLayer(Func<TCell> createCell, bool bidirectional, Func<TCell, Tensor, Tensor> read) : base(nameof(RecurrentLayer<TCell>))
    {
        _read = read;
        _forward = createCell();
        _backward = bidirectional ? createCell() : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor mask)
    {
        using var scope = NewDisposeScope();
        var forwards = _read(_forward, x);
        if (_backward is null) return forwards.MoveToOuterDisposeScope();
        var order = ReversedOrder(mask);
        var backwards = Reorder(_read(_backward, Reorder(x, order)), order);
        return cat([forwards, backwards], 2).MoveToOuterDisposeScope();
    }

    /// <summary>For each position of the reversed row its position in the row, [B,L]; its own inverse. Padding stays where it is.</summary>
    private static Tensor ReversedOrder(Tensor mask)
    {
        var positions = arange(Number(0), Number(mask.shape[1]), Number(1), dtype: ScalarType.Int64, device: mask.device).unsqueeze(0);   // [1,L]
        var lengths = mask.sum(1, keepdim: true, type: ScalarType.Int64);                                   // [B,1]
        return where(mask, lengths - Number(1) - positions, positions);
    }

    private static Tensor Reorder(Tensor x, Tensor order) => x.gather(1, order.unsqueeze(2).expand(-1, -1, x.shape[2]));
}
