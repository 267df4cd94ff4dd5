namespace MlAttention;

/// <summary>Trained vectors for the clipped distance, added to the keys and to the values; the heads share them, each layer has its own.</summary>
/// <remarks>
/// r(i, j) = clip(j - i, -k, k); score = q·(key + aK[r]) / sqrt(Dh); output = sum over j of weight[i,j] (value[j] + aV[r]).
/// Parameters: key [2k+1,Dh] is aK, value [2k+1,Dh] is aV; row k is distance 0. k = 0 knows no position.
/// Source: Shaw et al. 2018, equations 3 and 4.
/// </remarks>
public sealed class ShawRelativePositions : PositionEncoding
{
    private readonly int _clipDistance;
    [ComponentName(Name = "key")] private readonly Parameter _key;
    [ComponentName(Name = "value")] private readonly Parameter? _value;

    /// <summary>Creates the scheme with Xavier uniform initial vectors.</summary>
    /// <param name="headWidth">Width Dh of a head.</param>
    /// <param name="clipDistance">Distances beyond k tokens share one vector.</param>
    /// <param name="onValues">Whether the values get vectors too.</param>
    public ShawRelativePositions(int headWidth, int clipDistance = 16, bool onValues = true) : base(nameof(ShawRelativePositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headWidth, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(clipDistance);
        _clipDistance = clipDistance;
        _key = Vectors(headWidth);
        _value = onValues ? Vectors(headWidth) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool PerLayer => true;

    /// <inheritdoc/>
    public override bool ActsOnScores => true;

    /// <inheritdoc/>
    public override bool ActsOnValues => _value is not null;

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ScoreParameters => [_key];

    /// <inheritdoc/>
    public override IEnumerable<Parameter> ValueParameters => _value is null ? [] : [_value];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The query has another head width.</exception>
    /// <remarks>q·aK for every distance first, then picked for every pair: time and memory O(L S), not O(L S Dh).</remarks>
    public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
    {
        RequireHeadWidth(query, _key.shape[1]);
        using var scope = NewDisposeScope();
        var byDistance = query.matmul(_key.t()) / Number(Math.Sqrt(query.shape[^1]));            // [B,H,L,2k+1]
        return byDistance.gather(-1, Rows(queries, keys, byDistance)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor? ValueBias(Tensor weights, PositionSpan queries, PositionSpan keys)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (_value is null) return null;
        using var scope = NewDisposeScope();
        long[] sizes = [.. weights.shape[..^1], _value.shape[0]];
        var byDistance = zeros(sizes, weights.dtype, weights.device).scatter_add(-1, Rows(queries, keys, weights), weights);
        return byDistance.matmul(_value).MoveToOuterDisposeScope();                      // [B,H,L,2k+1] x [2k+1,Dh]
    }

    private Parameter Vectors(int headWidth) => nn.Parameter(nn.init.xavier_uniform_(empty(2 * _clipDistance + 1, headWidth)));

    /// <summary>The table row of each pair, [B,H,L,S].</summary>
    private Tensor Rows(PositionSpan queries, PositionSpan keys, Tensor like) =>
        PositionSpan.Distances(queries, keys, like.device).clamp(Number(-_clipDistance), Number(_clipDistance)).Plus(_clipDistance)
            .expand(like.shape[0], like.shape[1], queries.Length, keys.Length);
}
