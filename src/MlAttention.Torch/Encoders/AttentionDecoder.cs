namespace MlAttention;

/// <summary>The decoder of a transformer: a stack of decoder layers over one memory, with a final norm when the layers are pre-norm.</summary>
/// <remarks>
/// Shapes: x [B,L,D], memory [B,S,D] -> [B,L,D]. Parameters as in torch.nn.TransformerDecoder: layers.N.*, norm.*.
/// Source: Vaswani et al. 2017, section 3.1.
/// </remarks>
public sealed class AttentionDecoder : nn.Module<Tensor, Tensor, AttentionMask?, Tensor>
{
    [ComponentName(Name = "layers")] private readonly ModuleList<DecoderLayer> _layers;
    [ComponentName(Name = "norm")] private readonly LayerNorm? _norm;
    private readonly int _width;

    /// <summary>Creates the stack with PyTorch's initial weights.</summary>
    /// <param name="options">The layers and their number; of masks it has only the causal one.</param>
    /// <param name="positions">Asked once for each layer how its self-attention sees positions; null for not at all.</param>
    /// <param name="causal">Whether a position sees only itself and those before it; false for a set of learned queries.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public AttentionDecoder(SequenceModelOptions options, Func<PositionEncoding?>? positions = null, bool causal = true) : base(nameof(AttentionDecoder))
    {
        _width = options.Checked().ModelWidth;
        _layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, options.Layers).Select(_ => new DecoderLayer(options, positions?.Invoke(), causal))]);
        _norm = options.Norm == NormPlacement.Pre ? nn.LayerNorm(options.ModelWidth, options.LayerNormEpsilon) : null;
        RegisterComponents();
    }

    /// <summary>The decoded vectors.</summary>
    /// <param name="x">[B,L,D]. Padding on the right needs no mask in a causal decoder: no real position sees it.</param>
    /// <param name="memory">Keys and values of the cross-attention, [B,S,D].</param>
    /// <param name="memoryMask">Which vectors of the memory a position of x may attend to; null for all.</param>
    /// <returns>[B,L,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an input holds NaN.</exception>
    public override Tensor forward(Tensor x, Tensor memory, AttentionMask? memoryMask)
    {
        RequireInputs(x, memory);
        return Run(x, memory, memoryMask);
    }

    /// <summary>What <see cref="forward"/> would give if the stack ended behind each layer, through the final norm: for a loss at every layer.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>For each layer [B,L,D]; the last is that of <see cref="forward"/>.</returns>
    public IReadOnlyList<Tensor> LayerOutputs(Tensor x, Tensor memory, AttentionMask? memoryMask = null)
    {
        RequireInputs(x, memory);
        using var scope = NewDisposeScope();
        return [.. Layers(x, memory, memoryMask, returnWeights: false).Select(layer => Normed(layer.Output).MoveToOuterDisposeScope())];
    }

    /// <summary>The weights of each head of the cross-attention in each layer: where each position looks in the memory.</summary>
    /// <inheritdoc cref="forward"/>
    /// <returns>For each layer [B,H,L,S].</returns>
    public IReadOnlyList<Tensor> CrossAttentionWeights(Tensor x, Tensor memory, AttentionMask? memoryMask = null)
    {
        RequireInputs(x, memory);
        using var scope = NewDisposeScope();
        return [.. Layers(x, memory, memoryMask, returnWeights: true).Select(layer => layer.Weights!.MoveToOuterDisposeScope())];
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor x, Tensor memory, AttentionMask? memoryMask)
    {
        using var scope = NewDisposeScope();
        return Normed(Layers(x, memory, memoryMask, returnWeights: false)[^1].Output).MoveToOuterDisposeScope();
    }

    private List<AttentionResult> Layers(Tensor x, Tensor memory, AttentionMask? memoryMask, bool returnWeights)
    {
        var results = new List<AttentionResult>();
        foreach (var layer in _layers)
        {
            results.Add(layer.Run(x, memory, null, memoryMask, returnWeights));
            x = results[^1].Output;
        }
        return results;
    }

    private Tensor Normed(Tensor x) => _norm is null ? x.alias() : _norm.call(x);

    private void RequireInputs(Tensor x, Tensor memory)
    {
        TensorChecks.RequireLayerInput(nameof(x), x, "B,L,D", _width);
        TensorChecks.RequireLayerInput(nameof(memory), memory, "B,S,D", _width, x.shape[0]);
    }
}
