namespace MlAttention;

/// <summary>One layer of a transformer encoder: self-attention, then a feed-forward network at each position.</summary>
/// <remarks>
/// Pre-norm:  y = x + attention(norm1(x)); output = y + feedForward(norm2(y)).
/// Post-norm: y = norm1(x + attention(x)); output = norm2(y + feedForward(y)).
/// Shapes: x [B,L,D] -> [B,L,D]. Parameters as in torch.nn.TransformerEncoderLayer: self_attn.*, linear1.*, linear2.*, norm1.*, norm2.*.
/// Source: Vaswani et al. 2017, section 3.1; pre-norm: Xiong et al. 2020.
/// </remarks>
public sealed class EncoderLayer : nn.Module<Tensor, AttentionMask?, Tensor>
{
    [ComponentName(Name = "self_attn")] private readonly MultiHeadAttention _selfAttention;
    [ComponentName(Name = "linear1")] private readonly Linear _linear1;
    [ComponentName(Name = "linear2")] private readonly Linear _linear2;
    [ComponentName(Name = "norm1")] private readonly LayerNorm _norm1;
    [ComponentName(Name = "norm2")] private readonly LayerNorm _norm2;
    private readonly FeedForward _feedForward;
    private readonly ResidualConnection _residual;
    private readonly int _width;

    /// <summary>Creates the layer with PyTorch's initial weights.</summary>
    /// <param name="options">The layer; positions and masks are given apart.</param>
    /// <param name="positions">How this layer's attention sees positions; null for not at all.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message lists every such option.</exception>
    public EncoderLayer(EncoderLayerOptions options, PositionEncoding? positions = null) : base(nameof(EncoderLayer))
    {
        _width = options.Checked().ModelWidth;
        _selfAttention = new MultiHeadAttention(options.Attention, positions);
        _feedForward = new FeedForward(options);
        _residual = new ResidualConnection(options);
        (_linear1, _linear2) = (_feedForward.Linear1, _feedForward.Linear2);
        (_norm1, _norm2) = (_residual.NewNorm(), _residual.NewNorm());
        RegisterComponents();
    }

    /// <summary>All trained parameters on which the layer's output depends: its own and those of positions that the layers share.</summary>
    internal IEnumerable<Parameter> TrainedParameters => parameters().Concat(_selfAttention.SharedParameters);

    /// <summary>The layer's output.</summary>
    /// <param name="x">[B,L,D].</param>
    /// <param name="mask">Which tokens a token may attend to; null for all.</param>
    /// <returns>[B,L,D].</returns>
    /// <exception cref="ArgumentException">The shape does not fit, or x holds NaN.</exception>
    public override Tensor forward(Tensor x, AttentionMask? mask)
    {
        TensorChecks.RequireLayerInput(nameof(x), x, "B,L,D", _width);
        return Run(x, mask, returnWeights: false).Output;
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks; with the weights of each head [B,H,L,L] when asked for.</summary>
    internal AttentionResult Run(Tensor x, AttentionMask? mask, bool returnWeights)
    {
        using var scope = NewDisposeScope();
        Tensor? weights = null;
        var attended = _residual.Apply(x, _norm1, SelfAttend, training);
        var output = _residual.Apply(attended, _norm2, y => _feedForward.Apply(y, training), training);
        return new AttentionResult(output.MoveToOuterDisposeScope(), weights?.MoveToOuterDisposeScope());

        Tensor SelfAttend(Tensor y)
        {
            (var result, weights) = _selfAttention.Run(y, y, y, mask, returnWeights);
            return result;
        }
    }
}

/// <summary>linear2(dropout(activation(linear1(x)))): the same small network at each position.</summary>
/// <remarks>Not a module: the layer owns both parts, under PyTorch's names "linear1" and "linear2".</remarks>
internal sealed class FeedForward(EncoderLayerOptions options)
{
    public Linear Linear1 { get; } = nn.Linear(options.ModelWidth, options.FeedForwardWidth);

    public Linear Linear2 { get; } = nn.Linear(options.FeedForwardWidth, options.ModelWidth);

    public Tensor Apply(Tensor x, bool training) =>
        Linear2.call(DropoutSource.Apply(options.Activation.Apply(Linear1.call(x)), options.Dropout, training));
}

/// <summary>Puts a sublayer between layer norm, dropout and the residual sum.</summary>
/// <remarks>
/// Pre: x + dropout(f(norm(x))). Post: norm(x + dropout(f(x))).
/// Source: Xiong et al. 2020, figure 1; Vaswani et al. 2017, section 3.1.
/// </remarks>
internal sealed class ResidualConnection(EncoderLayerOptions options)
{
    /// <summary>A norm for one sublayer; the layer owns it.</summary>
    public LayerNorm NewNorm() => nn.LayerNorm(options.ModelWidth, options.LayerNormEpsilon);

    public Tensor Apply(Tensor x, LayerNorm norm, Func<Tensor, Tensor> sublayer, bool training) => options.Norm switch
    {
        NormPlacement.Pre => x.Plus(DropoutSource.Apply(sublayer(norm.call(x)), options.Dropout, training)),
        NormPlacement.Post => norm.call(x.Plus(DropoutSource.Apply(sublayer(x), options.Dropout, training))),
        _ => throw new InvalidOperationException($"The norm placement {options.Norm} is not known."),
    };
}

/// <summary>The nonlinearities.</summary>
internal static class Activations
{
    public static Tensor Apply(this ActivationKind kind, Tensor x) => kind switch
    {
        ActivationKind.Relu => x.relu(),
        ActivationKind.Gelu => x.gelu(),
        ActivationKind.GeluTanh => GeluTanh(x),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This activation is not known."),
    };

    /// <summary>x (1 + tanh(sqrt(2/π) (x + 0.044715 x³))) / 2.</summary>
    private static Tensor GeluTanh(Tensor x)
    {
        var inner = x.Plus(x * x * x * Number(0.044715)) * Number(Math.Sqrt(2 / Math.PI));
        return x * inner.tanh().Plus(1) * Number(0.5);
    }
}
