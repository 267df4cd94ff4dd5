using MlAttention.Architecture;
using MlAttention.Attention.Scores;
using MlAttention.Positions;
using static MlAttention.Attention.Scalars;
using static TorchSharp.torch;

namespace MlAttention.Attention.Algorithms;

/// <summary>All that one attention needs. Shapes: query [B,H,L,Dh], key [B,H,S,Dh], value [B,H,S,Dv].</summary>
/// <param name="Query">Projected queries [B,H,L,Dh].</param>
/// <param name="Key">Projected keys [B,H,S,Dh].</param>
/// <param name="Value">Projected values [B,H,S,Dv].</param>
/// <param name="Score">How well a query matches a key.</param>
public sealed record AttentionInputs(Tensor Query, Tensor Key, Tensor Value, AttentionScore Score)
{
    /// <summary>Which keys a query may attend to; null for all.</summary>
    public AttentionMask? Mask { get; init; }

    /// <summary>The scheme whose score bias, mask and value bias apply; its query and key transform has been applied already.</summary>
    public PositionEncoding? Positions { get; init; }

    /// <summary>Softmax temperature T.</summary>
    /// <value>Greater than 0; default 1.</value>
    public double Temperature { get; init; } = 1;

    /// <summary>Probability with which a weight is dropped; linear and Performer attention drop a key, for all queries of a head. 0 when not training.</summary>
    /// <value>From 0 to below 1; default 0.</value>
    public double Dropout { get; init; }

    /// <summary>Whether the weights of each head are wanted.</summary>
    public bool ReturnWeights { get; init; }

    /// <summary>(score + position bias) / T of one block [B,H,L,S].</summary>
    internal Tensor BlockScores(Tensor query, Tensor key, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        var scores = Score.Run(query, key);
        if (Positions?.ScoreBias(query, queries, keys) is { } bias) scores = scores.add(bias);
        if (Temperature != 1) scores = scores.div(Number(Temperature));
        return scores.MoveToOuterDisposeScope();
    }

    /// <summary>Where mask and position scheme both let attend in one block; null for everywhere.</summary>
    internal Tensor? BlockAllowed(PositionSpan queries, PositionSpan keys, Device device)
    {
        using var scope = NewDisposeScope();
        var byMask = Mask?.Allowed(queries, keys, device);
        var byPosition = Positions?.Allowed(queries, keys, device);
        var both = byMask is null ? byPosition : byPosition is null ? byMask : byMask.logical_and(byPosition);
        return both?.MoveToOuterDisposeScope();
    }

    /// <summary>weights · v plus the position scheme's value bias, of one block [B,H,L,Dv].</summary>
    internal Tensor BlockSum(Tensor weights, Tensor value, PositionSpan queries, PositionSpan keys)
    {
        using var scope = NewDisposeScope();
        var sum = weights.matmul(value);
        if (Positions?.ValueBias(weights, queries, keys) is { } bias) sum = sum.add(bias);
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>Refuses what an algorithm that never forms the scores cannot do.</summary>
    internal void RequireNoScores(string algorithm)
    {
        if (ReturnWeights) throw new ArgumentException($"{algorithm} attention forms no weights to return. Ask for them with {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)}.");
        if (Positions is { ActsOnScores: true })
            throw new ArgumentException($"{algorithm} attention forms no scores, on which {Positions.GetType().Name} acts. Use positions that act on embeddings, queries or keys, or {nameof(AttentionAlgorithm)}.{nameof(AttentionAlgorithm.Full)}.");
    }
}
