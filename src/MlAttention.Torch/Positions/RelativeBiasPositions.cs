namespace MlAttention;

/// <summary>A trained scalar for each head and bucket of distances, added to the scores; the layers share it.</summary>
/// <remarks>
/// score[h,i,j] + bias[bucket(j - i), h]; bias [Buckets,H], named "bias"; it starts at zero where the layer stands alone, and in a classifier normal with deviation 1.
/// T5 itself does not divide its scores by sqrt(Dh): use <see cref="ScoreFunction.Dot"/> for that.
/// Source: Raffel et al. 2020, section 2.1.
/// </remarks>
public sealed class RelativeBiasPositions : PositionEncoding
{
    private readonly int _buckets;
    private readonly int _maxDistance;
    private readonly bool _bidirectional;
    [ComponentName(Name = "bias")] private readonly Parameter _bias;

    /// <summary>Creates the scheme.</summary>
    /// <param name="heads">Number of heads H.</param>
    /// <param name="buckets">Number of buckets, even, from 4.</param>
    /// <param name="maxDistance">Distances from here on share the last bucket; more than the number of exact buckets.</param>
    /// <param name="bidirectional">Whether keys after the query have buckets of their own; false for causal attention.</param>
    public RelativeBiasPositions(int heads, int buckets = 32, int maxDistance = 128, bool bidirectional = true) : base(nameof(RelativeBiasPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 4);
        ArgumentOutOfRangeException.ThrowIfNotEqual(buckets % 2, 0, nameof(buckets));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(maxDistance, bidirectional ? buckets / 4 : buckets / 2);
        (_buckets, _maxDistance, _bidirectional) = (buckets, maxDistance, bidirectional);
        _bias = nn.Parameter(zeros(buckets, heads));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override bool ActsOnScores => true;

    /// <inheritdoc/>
    public override bool ActsOnValues => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The query has another number of heads.</exception>
    public override Tensor ScoreBias(Tensor query, PositionSpan queries, PositionSpan keys)
    {
        RequireHeads(query, _bias.shape[1]);
        using var scope = NewDisposeScope();
        var (nearest, count) = (keys.Start - (queries.End - 1), queries.Length + keys.Length - 1);
        var bucketOfDistance = new long[count];
        for (var i = 0; i < count; i++) bucketOfDistance[i] = RelativeBuckets.Of(nearest + i, _buckets, _maxDistance, _bidirectional);
        var byDistance = _bias.index_select(0, tensor(bucketOfDistance, device: query.device));                // [L+S-1,H]
        var pairs = (PositionSpan.Distances(queries, keys, query.device) - Number(nearest)).flatten();          // [L*S]
        return byDistance.index_select(0, pairs).view(queries.Length, keys.Length, -1).permute(2, 0, 1)        // [H,L,S]
            .unsqueeze(0).MoveToOuterDisposeScope();
    }
}
