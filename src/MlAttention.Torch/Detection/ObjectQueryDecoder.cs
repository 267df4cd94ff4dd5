namespace MlAttention;

/// <summary>Learned queries that see each other and ask a memory, such as an image's patches, each for one object: the decoder of DETR.</summary>
/// <remarks>
/// y_0 = queries; y_i = layer_i(y_(i-1), memory), self-attention without a mask; output = norm(y_n), the norm for pre-norm layers only.
/// Shapes: memory [B,S,D] -> [B,Q,D]. Parameters: queries.weight [Q,D], decoder.* as in <see cref="AttentionDecoder"/>.
/// Runs on TorchSharp alone. Source: Carion et al. 2020, section 3.2; here the queries are the decoder's input and are not added again in each layer.
/// </remarks>
public sealed class ObjectQueryDecoder : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "queries")] private readonly LearnedQueries _queries;
    [ComponentName(Name = "decoder")] private readonly AttentionDecoder _decoder;

    /// <summary>Creates the decoder with PyTorch's initial weights.</summary>
    /// <param name="options">The layers and their number.</param>
    /// <param name="queries">The number of queries Q, the most objects that can be found; at least 1.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public ObjectQueryDecoder(SequenceModelOptions options, int queries) : base(nameof(ObjectQueryDecoder))
    {
        _decoder = new AttentionDecoder(options, causal: false);
        _queries = new LearnedQueries(queries, options.ModelWidth);
        RegisterComponents();
    }

    /// <summary>What the queries have become.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>[B,Q,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or the memory holds NaN.</exception>
    public override Tensor forward(Tensor memory)
    {
        using var scope = NewDisposeScope();
        return _decoder.call(Queries(memory), memory, null).MoveToOuterDisposeScope();
    }

    /// <summary>What they are behind each layer, through the final norm: for a loss at every layer (auxiliary losses). The last is that of <see cref="forward"/>.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>For each layer [B,Q,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or the memory holds NaN.</exception>
    public IReadOnlyList<Tensor> LayerOutputs(Tensor memory)
    {
        using var queries = Queries(memory);
        return _decoder.LayerOutputs(queries, memory);
    }

    /// <summary>Where each query looks: the weights of each head of the cross-attention.</summary>
    /// <param name="memory">[B,S,D].</param>
    /// <returns>For each layer [B,H,Q,S].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, the memory holds NaN, or the algorithm forms no weights.</exception>
    public IReadOnlyList<Tensor> CrossAttentionWeights(Tensor memory)
    {
        using var queries = Queries(memory);
        return _decoder.CrossAttentionWeights(queries, memory);
    }

    /// <summary>The queries for each row of the memory, [B,Q,D].</summary>
    private Tensor Queries(Tensor memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return _queries.call(memory);
    }
}
