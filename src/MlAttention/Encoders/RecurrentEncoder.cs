using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MlAttention.Encoders;

/// <summary>A stack of recurrent layers over sequences that are padded on the right.</summary>
/// <remarks>
/// Shapes: x [B,L,D], mask [B,L] -> [B,L,D]. In both directions each cell has D / 2 hidden units, so that the width stays D.
/// Parameters: layers.N.forward.* and layers.N.backward.*, within them as in PyTorch: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0.
/// </remarks>
/// <typeparam name="TCell">The recurrent module of one layer and direction.</typeparam>
public abstract class RecurrentEncoder<TCell> : SequenceEncoder
    where TCell : nn.Module
{
    private readonly ModuleList<RecurrentLayer<TCell>> _layers;
    private readonly double _dropout;

    private protected RecurrentEncoder(string name, int width, int layers, bool bidirectional, double dropout,
        Func<int, int, TCell> createCell, Func<TCell, Tensor, Tensor> read) : base(name, width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (bidirectional && width % 2 != 0) throw new ArgumentOutOfRangeException(nameof(width), width, "In both directions the width must be even: each has half of it.");
        _dropout = LayerDropout.Checked(dropout);
        int hidden = bidirectional ? width / 2 : width;
        _layers = new ModuleList<RecurrentLayer<TCell>>(
            [.. Enumerable.Range(0, layers).Select(_ => new RecurrentLayer<TCell>(() => createCell(width, hidden), bidirectional, read))]);
        register_module("layers", _layers);
    }

    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask)
    {
        RequirePaddingOnTheRight(mask);
        foreach (var layer in _layers) x = LayerDropout.Apply(layer.call(x, mask), _dropout, training);
        return x;
    }

    private static void RequirePaddingOnTheRight(Tensor mask)
    {
        long length = mask.shape[1];
        var tokenAfterPadding = mask.narrow(1, 0, length - 1).logical_not().logical_and(mask.narrow(1, 1, length - 1));
        if (tokenAfterPadding.any().item<bool>())
            throw new ArgumentException("mask has a real token after padding; recurrent encoders need the padding on the right.", nameof(mask));
    }
}
