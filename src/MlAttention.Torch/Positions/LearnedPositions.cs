namespace MlAttention;

/// <summary>One trained vector for each position, added to the embeddings, up to a maximum length.</summary>
/// <remarks>
/// x[p] + weight[p + offset]; weight [rows,D], named "weight". Source: Gehring et al. 2017, section 3.1; the offset: Liu et al. 2019, whose
/// positions begin behind the padding's.
/// </remarks>
public sealed class LearnedPositions : PositionEncoding
{
    private readonly int _maxLength;
    private readonly int _offset;
    [ComponentName(Name = "weight")] private readonly Parameter _weight;

    /// <summary>Creates the scheme with normal initial vectors of standard deviation sqrt(1/2), the root mean square of the sinusoidal encoding.</summary>
    /// <param name="maxLength">Longest sequence in tokens.</param>
    /// <param name="modelWidth">Width D of the embeddings.</param>
    /// <param name="offset">The row of the first position; 0 or more.</param>
    /// <param name="rows">Rows of the table; null for maxLength + offset, which is the least.</param>
    public LearnedPositions(int maxLength, int modelWidth, int offset = 0, int? rows = null) : base(nameof(LearnedPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(modelWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, 0);
        var count = rows ?? maxLength + offset;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, maxLength + offset, nameof(rows));
        (_maxLength, _offset) = (maxLength, offset);
        _weight = nn.Parameter(nn.init.normal_(empty(count, modelWidth), 0, Math.Sqrt(0.5)));
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The sequence is longer than the maximum, or the embeddings have another width.</exception>
    public override Tensor AddToEmbeddings(Tensor embeddings)
    {
        RequireEmbeddings(embeddings, _weight.size(1));
        var length = embeddings.size(-2);
        if (length > _maxLength)
            throw new ArgumentException($"embeddings {ShapeText.Of(embeddings)} have {length} positions; learned positions were made for at most {_maxLength}. Raise MaxLength, shorten the sequences, or use sinusoidal or rotary positions, which know no maximum.", nameof(embeddings));
        using var scope = NewDisposeScope();
        return embeddings.Plus(_weight.narrow(0, _offset, length)).MoveToOuterDisposeScope();
    }
}
