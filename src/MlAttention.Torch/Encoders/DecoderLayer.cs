namespace MlAttention;

/// <summary>
/// One layer of a transformer decoder: causal self-attention, cross-attention to a memory, then a feed-forward network.
/// The memory is an encoder's output, or trained vectors (<see cref="LearnedQueries"/>), which may also be the input x.
/// </summary>
/// <remarks>
/// Pre-norm: y = x + selfAttention(norm1(x)); z = y + crossAttention(norm2(y), memory); output = z + feedForward(norm3(z)).
/// Post-norm puts each norm after its sum.
/// Shapes: x [B,L,D], memory [B,S,D] -> [B,L,D]. Parameters as in torch.nn.TransformerDecoderLayer: self_attn.*,
/// multihead_attn.*, linear1.*, linear2.*, norm1.*, norm2.*, norm3.*. Source: Vaswani et al. 2017, section 3.1.
/// </remarks>
public sealed class DecoderLayer : nn.Module<Tensor, Tensor, AttentionMask?, AttentionMask?, Tensor>
{
    [ComponentName(Name = "self_attn")] private readonly MultiHeadAttention _selfAttention;
    [ComponentName(Name = "multihead_attn")] private readonly MultiHeadAttention _crossAttention;
    [ComponentName(Name = "linear1")] private readonly Linear _linear1;
    [ComponentName(Name = "linear2")] private readonly Linear _linear2;
    [ComponentName(Name = "norm1")] private readonly LayerNorm _norm1;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _norm2;
    [ComponentName(Name = "norm3")] private readonly LayerNorm _norm3;
    private readonly FeedForward _feedForward;
    private readonly ResidualConnection _residual;
    private readonly AttentionMask? _selfMask;
    private readonly int _width;

    /// <summary>Creates the layer with PyTorch's initial weights.</summary>
    /// <param name="options">The layer; positions and masks are given apart.</param>
    /// <param name="positions">How the self-attention sees positions; null for not at all. Cross-attention sees none.</param>
    /// <param name="causal">Whether a position sees only itself and those before it; false for a set of learned queries.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public DecoderLayer(EncoderLayerOptions options, PositionEncoding? positions = null, bool causal = true) : base(nameof(DecoderLayer))
    {
        _width = options.Checked().ModelWidth;
        _selfMask = causal ? AttentionMask.Causal() : null;
        _selfAttention = new MultiHeadAttention(options.Attention, positions);
        _crossAttention = new MultiHeadAttention(options.Attention);
        _feedForward = new FeedForward(options);
        _residual = new ResidualConnection(options);
        (_linear1, _linear2) = (_feedForward.Linear1, _feedForward.Linear2);
        (_norm1, _norm2, _norm3) = (_residual.NewNorm(), _residual.NewNorm(), _residual.NewNorm());
        RegisterComponents();
    }

    /// <summary>The layer's output.</summary>
    /// <param name="x">[B,L,D].</param>
    /// <param name="memory">Keys and values of the cross-attention, [B,S,D].</param>
    /// <param name="mask">Which positions of x a position of x may attend to, beside the causal mask; null for no more restriction.</param>
    /// <param name="memoryMask">Which vectors of the memory a position of x may attend to; null for all.</param>
    /// <returns>[B,L,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an input holds NaN.</exception>
    public override Tensor forward(Tensor x, Tensor memory, AttentionMask? mask, AttentionMask? memoryMask)
    {
        TensorChecks.RequireLayerInput(nameof(x), x, "B,L,D", _width);
        TensorChecks.RequireLayerInput(nameof(memory), memory, "B,S,D", _width, x.shape[0]);
        return Run(x, memory, mask, memoryMask, returnWeights: false).Output;
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks; with the cross-attention's weights of each head [B,H,L,S] when asked for.</summary>
    internal AttentionResult Run(Tensor x, Tensor memory, AttentionMask? mask, AttentionMask? memoryMask, bool returnWeights)
    {
        using var scope = NewDisposeScope();
        Tensor? weights = null;
        var selfMask = AttentionMask.Combine(_selfMask, mask);
        var attended = _residual.Apply(x, _norm1, y => _selfAttention.Run(y, y, y, selfMask, returnWeights: false).Output, training);
        var informed = _residual.Apply(attended, _norm2, CrossAttend, training);
        var output = _residual.Apply(informed, _norm3, y => _feedForward.Apply(y, training), training);
        return new AttentionResult(output.MoveToOuterDisposeScope(), weights?.MoveToOuterDisposeScope());

        Tensor CrossAttend(Tensor y)
        {
            (var result, weights) = _crossAttention.Run(y, memory, memory, memoryMask, returnWeights);
            return result;
        }
    }
}

/// <summary>Trained vectors, the same for every sequence of a batch: a decoder's input, or a memory to attend to.</summary>
/// <remarks>Parameter: weight [Q,D]. Shapes: like [B,..] -> [B,Q,D]. Source: Carion et al. 2020, section 3.2 (object queries).</remarks>
public sealed class LearnedQueries : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;

    /// <summary>Creates the vectors from a normal distribution of standard deviation D^-0.5.</summary>
    /// <param name="count">The number of vectors Q; at least 1.</param>
    /// <param name="width">Their width D; at least 1.</param>
    public LearnedQueries(int count, int width) : base(nameof(LearnedQueries))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _weight = nn.Parameter(nn.init.normal_(empty(count, width), 0, 1 / Math.Sqrt(width)));
        RegisterComponents();
    }

    /// <summary>The vectors, once for each sequence.</summary>
    /// <param name="like">Any tensor whose first dimension is the batch.</param>
    /// <returns>[B,Q,D].</returns>
    /// <exception cref="ArgumentException">The tensor has no dimension.</exception>
    public override Tensor forward(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (like.dim() == 0) throw new ArgumentException($"like must have shape [B,..]; got {ShapeText.Of(like)}. Its first dimension is the number of sequences.", nameof(like));
        using var scope = NewDisposeScope();
        return _weight.unsqueeze(0).expand(like.shape[0], -1, -1).MoveToOuterDisposeScope();
    }
}
