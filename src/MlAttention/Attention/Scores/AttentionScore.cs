using static TorchSharp.torch;

namespace MlAttention.Attention.Scores;

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

    /// <summary>Scores every query with every key.</summary>
    /// <param name="query">[..,L,Dk].</param>
    /// <param name="key">[..,S,Dk].</param>
    /// <returns>[..,L,S].</returns>
    /// <exception cref="ArgumentException">A shape does not fit, or an input holds NaN.</exception>
    public sealed override Tensor forward(Tensor query, Tensor key)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        RequireShapes(query, key);
        AttentionShapes.RequireNumbers(nameof(query), query);
        AttentionShapes.RequireNumbers(nameof(key), key);
        return Run(query, key);
    }

    /// <summary>As <see cref="forward"/>, for callers that have made the checks.</summary>
    internal Tensor Run(Tensor query, Tensor key)
    {
        using var scope = NewDisposeScope();
        return Score(query, key).MoveToOuterDisposeScope();
    }

    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    internal void RequireShapes(Tensor query, Tensor key)
    {
        AttentionShapes.RequireVectors(nameof(query), query, "..,L,Dk", [], _queryWidth, "The score was made for this width.");
        AttentionShapes.RequireVectors(nameof(key), key, "..,S,Dk", query.shape[..^2], _keyWidth ?? query.shape[^1],
            _keyWidth is null ? "Query and key need the same width, except for the additive score." : "The score was made for this width.");
    }

    /// <summary>The score itself; runs in a dispose scope of its own.</summary>
    protected abstract Tensor Score(Tensor query, Tensor key);
}
