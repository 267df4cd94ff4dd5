namespace MlAttention;

/// <summary>Makes one vector of a padded sequence of vectors. Padding takes no part; an empty sequence gives zeros.</summary>
/// <remarks>Shapes: x [B,L,D], mask [B,L] boolean with True = a real token -> [B,D].</remarks>
public abstract class SequencePooling : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly int? _width;

    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    /// <param name="width">The width D of the vectors, when the pooling was made for one.</param>
    protected SequencePooling(string name, int? width = null) : base(name) => _width = width;

    /// <summary>Makes the pooling of a <see cref="PoolingKind"/>.</summary>
    /// <param name="kind">The pooling.</param>
    /// <param name="width">The width D of the vectors; only attention pooling asks for it.</param>
    public static SequencePooling Create(PoolingKind kind, int width) => kind switch
    {
        PoolingKind.Mean => new MeanPooling(),
        PoolingKind.Max => new MaxPooling(),
        PoolingKind.Cls or PoolingKind.First => new FirstPooling(),
        PoolingKind.Last => new LastPooling(),
        PoolingKind.Attention => new AttentionPooling(width),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This pooling is not known."),
    };

    /// <summary>Pools each sequence.</summary>
    /// <param name="x">Vectors, [B,L,D].</param>
    /// <param name="mask">Boolean [B,L], True = a real token.</param>
    /// <returns>One vector a sequence, [B,D].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or x holds NaN.</exception>
    public sealed override Tensor forward(Tensor x, Tensor mask)
    {
        TensorChecks.RequirePaddedSequence(x, mask, _width ?? x.shape.LastOrDefault());
        return Run(x, mask);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks; without a mask all tokens are real.</summary>
    internal Tensor Run(Tensor x, Tensor? mask)
    {
        using var scope = NewDisposeScope();
        return (mask is null ? PoolUnpadded(x) : Pool(x, mask)).MoveToOuterDisposeScope();
    }

    /// <summary>The pooling itself; runs in a dispose scope of its own.</summary>
    protected abstract Tensor Pool(Tensor x, Tensor mask);

    /// <summary>The same where all tokens are real and no sequence is empty, for poolings that then have less to do.</summary>
    private protected virtual Tensor PoolUnpadded(Tensor x) => Pool(x, ones([x.shape[0], x.shape[1]], dtype: ScalarType.Bool, device: x.device));

    /// <summary>Zeros for the rows without a real token.</summary>
    private protected static Tensor ZeroWhenEmpty(Tensor pooled, Tensor mask) =>
        pooled.masked_fill(mask.any(1, keepdim: true).logical_not(), Number(0));
}

/// <summary>The mean over the real tokens: pooled = sum_i x_i / n.</summary>
internal sealed class MeanPooling() : SequencePooling(nameof(MeanPooling))
{
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var count = mask.sum(1, keepdim: true, type: x.dtype).clamp(min: Number(1));            // [B,1]
        return x.masked_fill(mask.logical_not().unsqueeze(2), Number(0)).sum(1) / count;        // [B,D]
    }

    private protected override Tensor PoolUnpadded(Tensor x) => x.mean([1]);
}

/// <summary>The largest value over the real tokens, for each dimension.</summary>
internal sealed class MaxPooling() : SequencePooling(nameof(MaxPooling))
{
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var (largest, _) = x.masked_fill(mask.logical_not().unsqueeze(2), Number(double.NegativeInfinity)).max(1);
        return ZeroWhenEmpty(largest, mask);                                             // [B,D]
    }
}

/// <summary>The vector of the first token: a trained one that was put before the sequence, by the model or by the tokenizer.</summary>
/// <remarks>Source: Devlin et al. 2019, section 3, the token [CLS].</remarks>
internal sealed class FirstPooling() : SequencePooling(nameof(FirstPooling))
{
    protected override Tensor Pool(Tensor x, Tensor mask) => ZeroWhenEmpty(x.select(1, 0), mask);

    private protected override Tensor PoolUnpadded(Tensor x) => x.select(1, 0);
}

/// <summary>The vector of the last real token.</summary>
internal sealed class LastPooling() : SequencePooling(nameof(LastPooling))
{
    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var (rows, width) = (x.shape[0], x.shape[2]);
        var positions = arange(Number(0), Number(x.shape[1]), Number(1), dtype: ScalarType.Int64, device: x.device);
        var (last, _) = positions.unsqueeze(0).masked_fill(mask.logical_not(), Number(0)).max(1);        // [B]
        var vectors = x.gather(1, last.reshape(rows, 1, 1).expand(rows, 1, width)).squeeze(1);   // [B,D]
        return ZeroWhenEmpty(vectors, mask);
    }

    private protected override Tensor PoolUnpadded(Tensor x) => x.select(1, -1);
}

/// <summary>A mean over the real tokens, weighted by how well each matches one trained query.</summary>
/// <remarks>
/// pooled = softmax(x · query / sqrt(D)) · x
/// Weight: query [D]. Source: Yang et al. 2016, section 2.2 (their u_w), with the score of Vaswani et al. 2017, equation 1.
/// </remarks>
internal sealed class AttentionPooling : SequencePooling
{
    [ComponentName(Name = "query")] private readonly Parameter _query;

    /// <summary>A new pooling; the query starts at zero, so that training starts from the mean.</summary>
    /// <param name="width">The width D of the vectors; at least 1.</param>
    public AttentionPooling(int width) : base(nameof(AttentionPooling), width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        _query = nn.Parameter(zeros(width));
        RegisterComponents();
    }

    protected override Tensor Pool(Tensor x, Tensor mask)
    {
        var real = x.masked_fill(mask.logical_not().unsqueeze(2), Number(0));
        var scores = real.matmul(_query) / Number(Math.Sqrt(x.shape[2]));                                       // [B,L]
        var weights = scores.masked_fill(mask.logical_not(), Number(float.MinValue)).softmax(1).unsqueeze(1);  // [B,1,L]
        return ZeroWhenEmpty(weights.matmul(real).squeeze(1), mask);                                   // [B,D]
    }
}
