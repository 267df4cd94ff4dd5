namespace MlAttention;

/// <summary>The encoder of a transformer: a stack of encoder layers, with a final norm when the layers are pre-norm.</summary>
/// <remarks>
/// Shapes: x [B,L,D], mask [B,L] -> [B,L,D]. Parameters as in torch.nn.TransformerEncoder: layers.N.*, norm.*.
/// Source: Vaswani et al. 2017, section 3.1; the final norm of pre-norm stacks: Xiong et al. 2020, table 1.
/// </remarks>
public sealed class AttentionEncoder : SequenceEncoder
{
    [ComponentName(Name = "layers")] private readonly ModuleList<EncoderLayer> _layers;
    [ComponentName(Name = "norm")] private readonly LayerNorm? _norm;
    private readonly AttentionMask? _mask;
    private readonly bool _checkpoint;

    /// <summary>Creates the stack with PyTorch's initial weights.</summary>
    /// <param name="options">The layers, their number and the mask; positions are given apart.</param>
    /// <param name="positions">
    /// Asked once for each layer how it sees positions; null for not at all. A scheme that the layers share stays with its owner,
    /// who also adds it to the embeddings.
    /// </param>
    /// <param name="finalNorm">Whether a norm follows the last layer; null for as usual: after pre-norm layers only.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public AttentionEncoder(SequenceModelOptions options, Func<PositionEncoding?>? positions = null, bool? finalNorm = null)
        : base(nameof(AttentionEncoder), options.Checked().ModelWidth)
    {
        _mask = AttentionMask.Of(options.Mask, options.WindowRadius);
        _checkpoint = options.GradientCheckpointing;
        _layers = new ModuleList<EncoderLayer>([.. Enumerable.Range(0, options.Layers).Select(_ => new EncoderLayer(options, positions?.Invoke()))]);
        _norm = finalNorm ?? options.Norm == NormPlacement.Pre ? nn.LayerNorm(options.ModelWidth, options.LayerNormEpsilon) : null;
        RegisterComponents();
    }

    /// <summary>The attention weights of each head in each layer.</summary>
    /// <param name="x">Embeddings, [B,L,D].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>For each layer [B,H,L,L]; the rows of queries, the columns of keys.</returns>
    /// <exception cref="ArgumentException">A shape does not fit, x holds NaN, or the algorithm forms no weights.</exception>
    public IReadOnlyList<Tensor> AttentionWeights(Tensor x, Tensor mask)
    {
        TensorChecks.RequirePaddedSequence(x, mask, Width);
        using var scope = NewDisposeScope();
        var attentionMask = MaskOf(mask);
        var weights = new List<Tensor>();
        foreach (var layer in _layers)
        {
            (x, var layerWeights) = layer.Run(x, attentionMask, returnWeights: true);
            weights.Add(layerWeights!.MoveToOuterDisposeScope());
        }
        return weights;
    }

    /// <inheritdoc/>
    protected override Tensor Encode(Tensor x, Tensor mask) => RunLayers(x, MaskOf(mask));

    /// <inheritdoc/>
    private protected override Tensor EncodeUnpadded(Tensor x) => RunLayers(x, _mask);

    private Tensor RunLayers(Tensor x, AttentionMask? attentionMask)
    {
        foreach (var layer in _layers) x = RunLayer(layer, x, attentionMask);
        return _norm is null ? x : _norm.call(x);
    }

    private Tensor RunLayer(EncoderLayer layer, Tensor x, AttentionMask? mask)
    {
        Tensor Run(Tensor input) => layer.Run(input, mask, returnWeights: false).Output;
        return _checkpoint && training ? GradientCheckpointing.Run(Run, x, layer.TrainedParameters) : Run(x);
    }

    private AttentionMask? MaskOf(Tensor realTokens) => AttentionMask.Combine(_mask, AttentionMask.Padding(realTokens));
}
