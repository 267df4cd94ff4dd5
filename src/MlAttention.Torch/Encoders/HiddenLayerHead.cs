namespace MlAttention;

/// <summary>A head with a hidden layer: logits = weight f(dense(pooled)) + bias.</summary>
/// <remarks>
/// Shapes: pooled [B,D] -> [B,C]. Parameters: dense.weight [D,D], dense.bias [D], weight [C,D], bias [C].
/// Source: Devlin et al. 2019, the pooler of their code; Liu et al. 2019; with max(0, x) for f Sanh et al. 2019.
/// </remarks>
internal sealed class HiddenLayerHead : nn.Module<Tensor, Tensor>
{
    private readonly HeadKind _kind;
    private readonly int _width;
    [ComponentName(Name = "dense")] private readonly Linear _dense;
    [ComponentName(Name = "weight")] private readonly Parameter _weight;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    /// <summary>A new head with PyTorch's initial weights of linear layers.</summary>
    /// <param name="kind">What stands for f.</param>
    /// <param name="width">Width D; at least 1.</param>
    /// <param name="classCount">The number of classes C; at least 1.</param>
    public HiddenLayerHead(HeadKind kind, int width, int classCount) : base(nameof(HiddenLayerHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        (_kind, _width) = (kind, width);
        _dense = nn.Linear(width, width);
        var bound = 1 / Math.Sqrt(width);
        _weight = nn.Parameter(nn.init.uniform_(empty(classCount, width), -bound, bound));
        _bias = nn.Parameter(nn.init.uniform_(empty(classCount), -bound, bound));
        RegisterComponents();
    }

    /// <summary>The classes' logits.</summary>
    /// <exception cref="ArgumentException">The shape does not fit, or there is NaN.</exception>
    public override Tensor forward(Tensor pooled)
    {
        if (pooled.dim() != 2 || pooled.shape[1] != _width)
            throw new ArgumentException($"pooled must have shape [B,D]={FormattableString.Invariant($"[B,{_width}]")}; got {ShapeText.Of(pooled)}. The last dimension is the width of the layer.", nameof(pooled));
        TensorChecks.RequireNumbers(nameof(pooled), pooled);
        return Run(pooled);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor pooled)
    {
        using var scope = NewDisposeScope();
        var hidden = _dense.call(pooled);                                                        // [B,D]
        return nn.functional.linear(_kind == HeadKind.Tanh ? hidden.tanh() : hidden.relu(), _weight, _bias).MoveToOuterDisposeScope();
    }
}
