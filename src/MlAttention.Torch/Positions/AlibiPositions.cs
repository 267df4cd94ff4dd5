namespace MlAttention;

/// <summary>A fixed penalty that grows with the distance, one slope a head; it serves lengths beyond those of training.</summary>
/// <remarks>
/// score[h,i,j] - m_h |i - j|. One-sided: the first half of the heads (rounded up) attends only to j &lt;= i, the others only to j &gt;= i.
/// The symmetric form with mean pooling gives a text and its reversal the same vector; with a causal mask it is the paper's form.
/// Source: Press et al. 2022, section 3; one-sided heads as their authors suggest for encoders.
/// </remarks>
public sealed class AlibiPositions : PositionEncoding
{
    private readonly double[] _slopes;
    private readonly int _leftHeads;
    private readonly bool _oneSided;

    /// <summary>Creates the scheme.</summary>
    /// <param name="heads">Number of heads H.</param>
    /// <param name="oneSided">Whether each head looks to one side only.</param>
    public AlibiPositions(int heads, bool oneSided = false) : base(nameof(AlibiPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        _oneSided = oneSided;
        var (left, right) = oneSided ? AlibiSlopes.OneSided(heads) : (AlibiSlopes.Of(heads), []);
        (_slopes, _leftHeads) = ([.. left, .. right], left.Length);
    }

    /// <summary>The slope of each head.</summary>
    public IReadOnlyList<double> Slopes => _slopes;

    /// <inheritdoc/>
    public override bool ActsOnScores => true;

    /// <inheritdoc/>
    public override bool ActsOnValues => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The query has another number of heads.</exception>
    public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
    {
        RequireHeads(query, _slopes.Length);
        using var scope = NewDisposeScope();
        var slopes = tensor(_slopes, dtype: query.dtype, device: query.device).reshape(1, -1, 1, 1);
        var distance = PositionSpan.Distances(queries, keys, query.device).abs().to(query.dtype);            // [L,S]
        return (-slopes * distance).MoveToOuterDisposeScope();                                               // [1,H,L,S]
    }

    /// <inheritdoc/>
    public override Tensor? Allowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        if (!_oneSided) return null;
        using var scope = NewDisposeScope();
        var distance = PositionSpan.Distances(queries, keys, device);
        var left = distance.le(Number(0)).unsqueeze(0).expand(_leftHeads, -1, -1);
        var right = distance.ge(Number(0)).unsqueeze(0).expand(_slopes.Length - _leftHeads, -1, -1);
        return cat([left, right]).unsqueeze(0).MoveToOuterDisposeScope();                                      // [1,H,L,S]
    }
}
