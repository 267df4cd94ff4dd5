namespace MlAttention;

/// <summary>A number for each token of the vocabulary, over the embedding's own rows: logits = E h + b.</summary>
/// <remarks>
/// With a hidden layer h = LayerNorm(f(W x + b')), otherwise h = x. E are the rows 1 to V of the embedding, so that it gets gradients from both sides;
/// padding, row 0, and the unknown token, row V + 1, are never predicted.
/// Shapes: x [..,D], embedding [V + 2,D] -> [..,V]. Parameters: dense.weight [D,D], dense.bias [D], norm.weight [D], norm.bias [D], bias [V].
/// Source: Press and Wolf 2017; Devlin et al. 2019, cls.predictions of their code.
/// </remarks>
internal sealed class TiedHead : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly ActivationKind _activation;
    private readonly int _width;
    private readonly int _vocabulary;
    [ComponentName(Name = "dense")] private readonly Linear? _dense;
    [ComponentName(Name = "norm")] private readonly LayerNorm? _norm;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    /// <summary>A new head: its bias is zero, its hidden layer has PyTorch's initial weights.</summary>
    /// <param name="options">The architecture: kind of head, width, activation and epsilon of the norm.</param>
    /// <param name="vocabulary">The number of tokens V; at least 1.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public TiedHead(SequenceModelOptions options, int vocabulary) : base(nameof(TiedHead))
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        (_activation, _width, _vocabulary) = (options.Activation, options.ModelWidth, vocabulary);
        if (options.Head == HeadKind.TiedTransform)
        {
            _dense = nn.Linear(_width, _width);
            _norm = nn.LayerNorm(_width, options.LayerNormEpsilon);
        }
        _bias = nn.Parameter(zeros(vocabulary));
        RegisterComponents();
    }

    /// <summary>The tokens' logits.</summary>
    /// <exception cref="ArgumentException">A shape does not fit, or there is NaN.</exception>
    public override Tensor forward(Tensor x, Tensor embedding)
    {
        if (x.dim() < 2 || x.shape[^1] != _width)
            throw new ArgumentException($"x must have shape [..,D]={FormattableString.Invariant($"[..,{_width}]")}; got {ShapeText.Of(x)}. The last dimension is the width of the layer.", nameof(x));
        if (embedding.dim() != 2 || embedding.shape[0] != _vocabulary + 2 || embedding.shape[1] != _width)
            throw new ArgumentException($"embedding must have shape [V + 2,D]={ShapeText.Of(_vocabulary + 2, _width)}; got {ShapeText.Of(embedding)}. It has rows for padding and the unknown token besides the vocabulary.", nameof(embedding));
        TensorChecks.RequireNumbers(nameof(x), x);
        return Run(x, embedding);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor x, Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var hidden = _dense is null ? x : _norm!.call(_activation.Apply(_dense.call(x)));            // [..,D]
        return nn.functional.linear(hidden, embedding.narrow(0, 1, _vocabulary), _bias).MoveToOuterDisposeScope();
    }
}
