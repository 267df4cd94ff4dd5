namespace MlAttention;

/// <summary>Learned queries that see each other and ask a memory, such as an image's patches, each for one object: the decoder of DETR.</summary>
/// <remarks>
/// y_0 = queries; y_i = layer_i(y_(i-1), memory), self-attention without a mask; output = norm(y_n), the norm for pre-norm layers only.
/// Shapes: memory [B,S,D] -> [B,Q,D]. Parameters: queries.weight [Q,D], layers.N.* as in <see cref="DecoderLayer"/>, norm.*.
/// Runs on TorchSharp alone. Source: Carion et al. 2020, section 3.2; here the queries are the decoder's input and are not added again in each layer.
/// </remarks>
public sealed class ObjectQueryDecoder : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "queries")] private readonly LearnedQueries _queries;
    [ComponentName(Name = "layers")] private readonly ModuleList<DecoderLayer> _layers;
    [ComponentName(Name = "norm")] private readonly LayerNorm? _norm;
    private readonly int _width;

    /// <summary>Creates the decoder with PyTorch's initial weights.</summary>
    /// <param name="options">The layers and their number.</param>
    /// <param name="queries">The number of queries Q, the most objects that can be found; at least 1.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public ObjectQueryDecoder(SequenceModelOptions options, int queries) : base(nameof(ObjectQueryDecoder))
    {
        _width = options.Checked().ModelWidth;
        _queries = new LearnedQueries(queries, _width);
        _layers = new ModuleList<DecoderLayer>([.. Enumerable.Range(0, options.Layers).Select(_ => new DecoderLayer(options, causal: false))]);
        _norm = options.Norm == NormPlacement.Pre ? nn.LayerNorm(_width, options.LayerNormEpsilon) : null;
        RegisterComponents();
    }

    /// <summary>What the queries have become.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>[B,Q,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or the memory holds NaN.</exception>
    public override Tensor forward(Tensor memory)
    {
        using var scope = NewDisposeScope();
        return LayerOutputs(memory)[^1].MoveToOuterDisposeScope();
    }

    /// <summary>What they are behind each layer, through the final norm: for a loss at every layer (auxiliary losses). The last is that of <see cref="forward"/>.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>For each layer [B,Q,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or the memory holds NaN.</exception>
    public IReadOnlyList<Tensor> LayerOutputs(Tensor memory)
    {
        using var scope = NewDisposeScope();
        return [.. Run(memory, returnWeights: false).Select(layer => (_norm is null ? layer.Output.alias() : _norm.call(layer.Output)).MoveToOuterDisposeScope())];
    }

    /// <summary>Where each query looks: the weights of each head of the cross-attention.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>For each layer [B,H,Q,S].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, the memory holds NaN, or the algorithm forms no weights.</exception>
    public IReadOnlyList<Tensor> CrossAttentionWeights(Tensor memory)
    {
        using var scope = NewDisposeScope();
        return [.. Run(memory, returnWeights: true).Select(layer => layer.Weights!.MoveToOuterDisposeScope())];
    }

    private List<AttentionResult> Run(Tensor memory, bool returnWeights)
    {
        ArgumentNullException.ThrowIfNull(memory);
        TensorChecks.RequireLayerInput(nameof(memory), memory, "B,S,D", _width);
        var results = new List<AttentionResult>();
        var x = _queries.call(memory);                                                   // [B,Q,D]
        foreach (var layer in _layers)
        {
            results.Add(layer.Run(x, memory, null, null, returnWeights));
            x = results[^1].Output;
        }
        return results;
    }
}
