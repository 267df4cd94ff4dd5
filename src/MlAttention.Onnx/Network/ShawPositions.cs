namespace MlAttention.Onnx.Network;

/// <summary>A layer's trained vectors for the clipped distance, which act on keys and values (Shaw et al. 2018).</summary>
internal sealed class ShawPositions
{
    private readonly GraphBuilder _graph;
    private readonly Value _rows;                       // the row of each pair's distance, [L,L]
    private readonly Value _keys, _values;              // [2k+1,Dh]

    private ShawPositions(ModelParts parts, TokenSequence sequence, string attention)
    {
        int clip = parts.Model.PositionDetails.ClipDistance;
        _graph = parts.Graph;
        _rows = sequence.Distances.Clip(-clip, clip) + _graph.Constant((long)clip);
        (_keys, _values) = (parts.Vector(attention + "positions.key"), parts.Vector(attention + "positions.value"));
    }

    /// <summary>The vectors of a layer; null for a model with another scheme.</summary>
    /// <param name="parts">The model.</param>
    /// <param name="sequence">Whose distances.</param>
    /// <param name="attention">What the names of the layer's attention begin with.</param>
    public static ShawPositions? Of(ModelParts parts, TokenSequence sequence, string attention) =>
        parts.Model.Positions == PositionScheme.ShawRelative ? new(parts, sequence, attention) : null;

    /// <summary>scores + q · key of the distance.</summary>
    /// <param name="scores">[B,H,L,L].</param>
    /// <param name="query">Queries with the scores' scale, [B,H,L,Dh].</param>
    public Value AddToScores(Value scores, Value query)
    {
        var byDistance = query.MatMul(_keys.Transpose(1, 0));                               // [B,H,L,2k+1]
        return scores + _graph.Node("GatherElements", [byDistance, _rows.Expand(scores.Shape())], ("axis", -1));
    }

    /// <summary>heads + the sum over keys of weight times value of the distance.</summary>
    /// <param name="heads">[B,H,L,Dh].</param>
    /// <param name="weights">[B,H,L,L].</param>
    public Value AddToHeads(Value heads, Value weights)
    {
        var none = _graph.Node("ConstantOfShape", [heads.MatMul(_values.Transpose(1, 0)).Shape()]);                // [B,H,L,2k+1]
        var byDistance = _graph.Node("ScatterElements", [none, _rows.Expand(weights.Shape()), weights], ("axis", -1), ("reduction", "add"));
        return heads + byDistance.MatMul(_values);
    }
}
