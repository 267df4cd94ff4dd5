namespace MlAttention.Torch.Attention;

/// <summary>Computes attention: a variant differs in cost, and where it says so in the result, never in the interface.</summary>
internal interface IAttentionAlgorithm
{
    /// <summary>output = softmax((score(q, k) + position bias) / T) v over the keys that the mask allows.</summary>
    /// <exception cref="ArgumentException">A shape does not fit, or the algorithm does not cover what is asked for; the message says what.</exception>
    AttentionResult Attend(AttentionInputs inputs);

    /// <summary>Makes the algorithm that the settings name; each reads its own.</summary>
    static IAttentionAlgorithm Create(AttentionSettings settings) => settings.Algorithm switch
    {
        AttentionAlgorithm.Full => new FullAttention(),
        AttentionAlgorithm.Chunked => new ChunkedAttention(settings.BlockSize),
        AttentionAlgorithm.LocalWindow => new LocalWindowAttention(settings.WindowRadius),
        AttentionAlgorithm.Linear => new LinearAttention(settings.BlockSize),
        AttentionAlgorithm.Performer => new PerformerAttention(settings.RandomFeatures, settings.OrthogonalFeatures, settings.RandomSeed, settings.BlockSize),
        _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Algorithm, "This algorithm is not known."),
    };
}

/// <summary>All that one attention needs, and its definition for some of the queries and some of the keys.</summary>
/// <param name="Query">Projected queries [B,H,L,Dh].</param>
/// <param name="Key">Projected keys [B,H,S,Dh].</param>
/// <param name="Value">Projected values [B,H,S,Dv].</param>
/// <param name="Score">How well a query matches a key.</param>
internal sealed record AttentionInputs(Tensor Query, Tensor Key, Tensor Value, AttentionScore Score)
{
    /// <summary>Which keys a query may attend to; null for all.</summary>
    public AttentionMask? Mask { get; init; }

    /// <summary>The scheme whose score bias, mask and value bias apply; its query and key transform has been applied already.</summary>
    public PositionEncoding? Positions { get; init; }

    /// <summary>Softmax temperature T, greater than 0.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Probability with which a weight is dropped; linear and Performer attention drop a key, for all queries of a head. 0 when not training.</summary>
    public double Dropout { get; init; }

    /// <summary>Whether the weights of each head are wanted.</summary>
    public bool ReturnWeights { get; init; }

    public PositionSpan AllQueries => PositionSpan.Whole(Query.size(2));

    public PositionSpan AllKeys => PositionSpan.Whole(Key.size(2));

    /// <summary>Attention as it is defined, of queries and keys at these positions: output [B,H,L,Dv], and weights [B,H,L,S] before dropout.</summary>
    public (Tensor Output, Tensor Weights) Attend(PositionSpan queries, PositionSpan keys)
    {
        var scores = BlockScores(Query, Key, queries, keys);
        var weights = MaskedSoftmax.Apply(scores, BlockAllowed(queries, keys, scores.device));
        return (BlockSum(DropoutSource.Apply(weights, Dropout, training: true), Value, queries, keys), weights);
    }

    /// <summary>(score + position bias) / T of one block [B,H,L,S].</summary>
    public Tensor BlockScores(Tensor query, Tensor key, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope(); // a whole matrix each
        var scores = Score.Run(query, key);
        if (Positions?.ScoreBias(query, queries, keys) is { } bias) scores = scores.Plus(bias);
        if (Temperature != 1) scores = scores / Number(Temperature);
        return scores.MoveToOuterDisposeScope();
    }

    /// <summary>Where mask and position scheme both let attend in one block; null for everywhere.</summary>
    public Tensor? BlockAllowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        var byMask = Mask?.Allowed(queries, keys, device);
        var byPosition = Positions?.Allowed(queries, keys, device);
        return byMask is null ? byPosition : byPosition is null ? byMask : byMask.logical_and(byPosition);
    }

    /// <summary>weights · v plus the position scheme's value bias, of one block [B,H,L,Dv].</summary>
    public Tensor BlockSum(Tensor weights, Tensor value, PositionSpan queries, PositionSpan keys)
    {
        var sum = weights.matmul(value);
        return Positions?.ValueBias(weights, queries, keys) is { } bias ? sum.Plus(bias) : sum;
    }

    /// <summary>Refuses a score or a mask that does not fit; projected queries, keys and values always fit each other.</summary>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public void RequireScoreAndMask()
    {
        Score.RequireWidths(Query, Key);
        if (Mask?.Misfit(Query.size(0), Query.size(1), Query.size(2), Key.size(2)) is { } misfit) throw new ArgumentException(misfit, "mask");
    }

    /// <summary>Refuses what an algorithm that never forms the scores cannot do.</summary>
    public void RequireNoScores(string algorithm)
    {
        if (ReturnWeights) throw new ArgumentException($"{algorithm} attention forms no weights to return. Ask for them with {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)}.");
        if (Positions is { ActsOnScores: true })
            throw new ArgumentException($"{algorithm} attention forms no scores, on which {Positions.GetType().Name} acts. Use positions that act on embeddings, queries or keys, or {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)}.");
    }
}

/// <summary>Sequences [B,H,L,*] in blocks.</summary>
internal static class SequenceBlocks
{
    /// <summary>The part at the positions of a span.</summary>
    public static Tensor At(this Tensor tensor, PositionSpan span) => tensor.narrow(2, span.Start, span.Length);

    /// <summary>
    /// The whole in blocks of <paramref name="blockSize"/> positions. The backward pass of one cut joins the gradients once;
    /// that of a narrow for each block would fill the whole length for each of them.
    /// </summary>
    public static Tensor[] Cut(this Tensor tensor, int blockSize) => tensor.split(blockSize, 2);

    /// <summary>The spans of <paramref name="blockSize"/> positions that cover a sequence; the last may be shorter.</summary>
    public static IEnumerable<PositionSpan> Spans(long length, int blockSize)
    {
        for (long start = 0; start < length; start += blockSize)
            yield return new PositionSpan(start, Math.Min(blockSize, length - start));
    }
}
