namespace MlAttention;

/// <summary>Long short-term memory: order enters by reading one token after the other.</summary>
/// <remarks>Source: Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000; both directions: Graves and Schmidhuber 2005.</remarks>
public sealed class LstmEncoder : SequenceEncoder
{
    private readonly RecurrentLayers<LSTM> _layers;

    /// <summary>Creates the encoder with PyTorch's initial weights.</summary>
    /// <param name="width">The width D of the vectors; even in both directions.</param>
    /// <param name="layers">The number of layers; at least 1.</param>
    /// <param name="bidirectional">Whether each layer reads the sequence backwards too.</param>
    /// <param name="dropout">The share of each layer's output that training drops; from 0 to below 1.</param>
    public LstmEncoder(int width, int layers, bool bidirectional = true, double dropout = 0) : base(nameof(LstmEncoder), width)
    {
        _layers = new(width, layers, bidirectional, dropout,
            (inputWidth, hiddenWidth) => nn.LSTM(inputWidth, hiddenWidth, batchFirst: true), (cell, x) => cell.call(x).Item1);
        register_module("layers", _layers.Modules);
    }

    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask) => _layers.Encode(x, mask, training);
}

/// <summary>Gated recurrent units: order enters by reading one token after the other, with fewer weights than an LSTM.</summary>
/// <remarks>Source: Cho et al. 2014, section 2.3, in PyTorch's form, which applies the reset gate after the product.</remarks>
public sealed class GruEncoder : SequenceEncoder
{
    private readonly RecurrentLayers<GRU> _layers;

    /// <inheritdoc cref="LstmEncoder(int, int, bool, double)"/>
    public GruEncoder(int width, int layers, bool bidirectional = true, double dropout = 0) : base(nameof(GruEncoder), width)
    {
        _layers = new(width, layers, bidirectional, dropout,
            (inputWidth, hiddenWidth) => nn.GRU(inputWidth, hiddenWidth, batchFirst: true), (cell, x) => cell.call(x).Item1);
        register_module("layers", _layers.Modules);
    }

    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask) => _layers.Encode(x, mask, training);
}

/// <summary>A stack of recurrent layers over sequences that are padded on the right; its owner registers the modules as "layers".</summary>
/// <remarks>
/// Shapes: x [B,L,D], mask [B,L] -> [B,L,D]. In both directions each cell has D / 2 hidden units, so that the width stays D.
/// Parameters: layers.N.forward.* and layers.N.backward.*, within them as in PyTorch: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0.
/// </remarks>
/// <typeparam name="TCell">The recurrent module of one layer and direction.</typeparam>
internal sealed class RecurrentLayers<TCell> where TCell : nn.Module
{
    private readonly double _dropout;

    public RecurrentLayers(int width, int layers, bool bidirectional, double dropout, Func<int, int, TCell> createCell, Func<TCell, Tensor, Tensor> read)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (bidirectional && width % 2 != 0) throw new ArgumentOutOfRangeException(nameof(width), width, "In both directions the width must be even: each has half of it.");
        _dropout = DropoutSource.Checked(dropout);
        int hidden = bidirectional ? width / 2 : width;
        Modules = new ModuleList<RecurrentLayer<TCell>>(
            [.. Enumerable.Range(0, layers).Select(_ => new RecurrentLayer<TCell>(() => createCell(width, hidden), bidirectional, read))]);
    }

    public ModuleList<RecurrentLayer<TCell>> Modules { get; }

    public Tensor Encode(Tensor x, Tensor mask, bool training)
    {
        RequirePaddingOnTheRight(mask);
        foreach (var layer in Modules) x = DropoutSource.Apply(layer.call(x, mask), _dropout, training);
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
