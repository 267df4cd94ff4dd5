namespace MlAttention;

/// <summary>How well each query matches each key.</summary>
/// <remarks>
/// Shapes: query [..,L,Dk], key [..,S,Dk] -> scores [..,L,S]. The additive score also takes keys of another width than the queries.
/// A score of one's own overrides <see cref="Score"/> alone.
/// </remarks>
public abstract class AttentionScore : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly int? _queryWidth;
    private readonly int? _keyWidth;

    /// <summary>Creates the base.</summary>
    /// <param name="name">The module's name, as TorchSharp asks for.</param>
    /// <param name="queryWidth">Width of the queries, when the score was made for one; null for that of the keys.</param>
    /// <param name="keyWidth">Width of the keys, when the score was made for one; null for that of the queries.</param>
    protected AttentionScore(string name, int? queryWidth = null, int? keyWidth = null) : base(name) => (_queryWidth, _keyWidth) = (queryWidth, keyWidth);

    /// <summary>Makes the score of a <see cref="ScoreFunction"/>.</summary>
    /// <param name="function">The score function.</param>
    /// <param name="queryWidth">Width of the queries; only the additive score asks for it.</param>
    /// <param name="keyWidth">Width of the keys; only the additive score asks for it.</param>
    /// <param name="hiddenWidth">Hidden width of the additive score.</param>
    internal static AttentionScore Create(ScoreFunction function, int queryWidth, int keyWidth, int hiddenWidth) => function switch
    {
        ScoreFunction.ScaledDotProduct => new ScaledDotProductScore(),
        ScoreFunction.Dot => new DotScore(),
        ScoreFunction.Additive => new AdditiveScore(queryWidth, keyWidth, hiddenWidth),
        ScoreFunction.Cosine => new CosineScore(),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "This score function is not known."),
    };

    /// <summary>Scores every query with every key.</summary>
    /// <param name="query">[..,L,Dk].</param>
    /// <param name="key">[..,S,Dk].</param>
    /// <returns>[..,L,S].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an input holds NaN.</exception>
    public sealed override Tensor forward(Tensor query, Tensor key)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        RequireShapes(query.shape, key.shape);
        TensorChecks.RequireNumbers(nameof(query), query);
        TensorChecks.RequireNumbers(nameof(key), key);
        return Run(query, key);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor query, Tensor key)
    {
        using var scope = NewDisposeScope();
        return Score(query, key).MoveToOuterDisposeScope();
    }

    /// <summary>Refuses projected queries and keys of other widths than those for which the score was made.</summary>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    internal void RequireWidths(Tensor query, Tensor key)
    {
        if (_queryWidth is not null || _keyWidth is not null) RequireShapes(query.shape, key.shape);
    }

    private void RequireShapes(long[] query, long[] key)
    {
        TensorChecks.RequireVectors(nameof(query), query, "..,L,Dk", [], _queryWidth, "The score was made for this width.");
        TensorChecks.RequireVectors(nameof(key), key, "..,S,Dk", query.AsSpan()[..^2], _keyWidth ?? query[^1],
            _keyWidth is null ? "Query and key need the same width, except for the additive score." : "The score was made for this width.");
    }

    /// <summary>The score itself; runs in a dispose scope of its own.</summary>
    protected abstract Tensor Score(Tensor query, Tensor key);
}

/// <summary>The dot product divided by the square root of the width, so that its variance does not depend on the width.</summary>
/// <remarks>
/// score(q, k) = q·k / sqrt(Dk). For independent q and k of mean 0 and variance 1, q·k has variance Dk and the score has variance 1.
/// Source: Vaswani et al. 2017, section 3.2.1, equation 1.
/// </remarks>
internal sealed class ScaledDotProductScore() : AttentionScore(nameof(ScaledDotProductScore))
{
    protected override Tensor Score(Tensor query, Tensor key) => (query / Number(Math.Sqrt(query.shape[^1]))).matmul(key.transpose(-2, -1));
}

/// <summary>The plain dot product.</summary>
/// <remarks>
/// score(q, k) = q·k. Its variance grows with the width, which saturates the softmax: see <see cref="ScaledDotProductScore"/>.
/// Source: Luong et al. 2015, section 3.1, "dot".
/// </remarks>
internal sealed class DotScore() : AttentionScore(nameof(DotScore))
{
    protected override Tensor Score(Tensor query, Tensor key) => query.matmul(key.transpose(-2, -1));
}

/// <summary>The cosine of the angle between query and key: their lengths do not count.</summary>
/// <remarks>
/// score(q, k) = q·k / (max(|q|, 1e-8) max(|k|, 1e-8)), from -1 to 1; sharpen it with a temperature below 1.
/// Source: Graves et al. 2014, section 3.3.1, equation 6; the temperature is the inverse of their key strength β.
/// </remarks>
internal sealed class CosineScore() : AttentionScore(nameof(CosineScore))
{
    private const double SmallestLength = 1e-8;

    protected override Tensor Score(Tensor query, Tensor key) => Unit(query).matmul(Unit(key).transpose(-2, -1));

    /// <remarks>The clamp comes before the root, whose slope at 0 is infinite.</remarks>
    private static Tensor Unit(Tensor vectors) =>
        vectors / vectors.pow(Number(2)).sum(-1, keepdim: true).clamp(min: Number(SmallestLength * SmallestLength)).sqrt();
}

/// <summary>A small network with one hidden layer scores each pair; queries and keys may differ in width.</summary>
/// <remarks>
/// score(q, k) = v·tanh(Wq q + Wk k). It forms a tensor [..,L,S,A] with A the hidden width: costly for long sequences.
/// Source: Bahdanau et al. 2015, appendix A.1.2; their W_a is our Wq, their U_a is our Wk.
/// </remarks>
internal sealed class AdditiveScore : AttentionScore
{
    [ComponentName(Name = "query")] private readonly Linear _query;
    [ComponentName(Name = "key")] private readonly Linear _key;
    [ComponentName(Name = "value")] private readonly Linear _value;

    /// <summary>Creates the score with PyTorch's initial weights of a linear layer.</summary>
    /// <param name="queryWidth">Width of the queries.</param>
    /// <param name="keyWidth">Width of the keys.</param>
    /// <param name="hiddenWidth">Width A of the hidden layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A width is below 1.</exception>
    public AdditiveScore(int queryWidth, int keyWidth, int hiddenWidth) : base(nameof(AdditiveScore), queryWidth, keyWidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(queryWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(keyWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hiddenWidth, 1);
        _query = nn.Linear(queryWidth, hiddenWidth, hasBias: false);
        _key = nn.Linear(keyWidth, hiddenWidth, hasBias: false);
        _value = nn.Linear(hiddenWidth, 1, hasBias: false);
        RegisterComponents();
    }

    protected override Tensor Score(Tensor query, Tensor key)
    {
        var hiddenQuery = _query.call(query).unsqueeze(-2);                              // [..,L,1,A]
        var hiddenKey = _key.call(key).unsqueeze(-3);                                    // [..,1,S,A]
        return _value.call(hiddenQuery.Plus(hiddenKey).tanh()).squeeze(-1);                    // [..,L,S]
    }
}
