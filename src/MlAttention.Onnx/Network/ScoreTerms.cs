namespace MlAttention.Onnx.Network;

/// <summary>What is the same in every layer's scores: the pairs that are allowed, and what positions add.</summary>
/// <remarks>Both follow from the distance j - i of key and query, which the graph computes for whatever length it is given.</remarks>
internal sealed class ScoreTerms
{
    private ScoreTerms(Value allowed, Value? bias) => (Allowed, Bias) = (allowed, bias);

    /// <summary>Whether a query may attend to a key; broadcasts to [B,H,L,L].</summary>
    public Value Allowed { get; }

    /// <summary>What is added to the scores, [H,L,L], divided by the temperature; null for nothing.</summary>
    public Value? Bias { get; }

    public static ScoreTerms Of(ModelParts parts, TokenSequence sequence)
    {
        using var scope = parts.Graph.In("scores");
        var real = sequence.Mask.Unsqueeze(1, 2);                                           // [B,1,1,L]
        var allowed = Masks.Of(parts.Model, sequence) is { } mask ? real & mask : real;
        if (parts.Model.Positions == PositionScheme.Alibi) allowed = Alibi.Sides(parts, sequence) is { } sides ? allowed & sides : allowed;
        var bias = parts.Model.Positions switch
        {
            PositionScheme.Alibi => Alibi.Bias(parts, sequence),
            PositionScheme.RelativeBias => RelativeBias.Of(parts, sequence),
            _ => null,
        };
        return new(allowed, bias is null ? null : bias * (float)(1 / parts.Model.Temperature));
    }
}

/// <summary>Which keys a query may attend to, beside the padding mask: those from the left limit to the right one.</summary>
internal static class Masks
{
    /// <summary>Boolean [L,L]; null where all are allowed.</summary>
    public static Value? Of(SequenceModelOptions model, TokenSequence sequence)
    {
        bool local = model.Mask.IsLocal;
        var left = local ? sequence.Distances >= -model.WindowRadius : null;
        var right = model.Mask.IsCausal ? sequence.Distances <= 0 : local ? sequence.Distances <= model.WindowRadius : null;
        return left is null ? right : right is null ? left : left & right;
    }
}

/// <summary>A penalty that grows with the distance, one slope a head; in the one-sided form each head looks to one side (Press et al. 2022).</summary>
internal static class Alibi
{
    /// <summary>-slope |j - i|, [H,L,L].</summary>
    public static Value Bias(ModelParts parts, TokenSequence sequence)
    {
        var (left, right) = Slopes(parts.Model);
        float[] slopes = [.. left.Concat(right).Select(slope => (float)-slope)];
        return sequence.Distances.Apply("Abs").ToFloat() * parts.Graph.Weight<float>("positions.slopes", slopes, slopes.Length, 1, 1);
    }

    /// <summary>Boolean [H,L,L]; null where every head looks to both sides.</summary>
    public static Value? Sides(ModelParts parts, TokenSequence sequence)
    {
        if (!IsOneSided(parts.Model)) return null;
        var (left, right) = Slopes(parts.Model);
        long[] directions = [.. left.Select(_ => 1L), .. right.Select(_ => -1L)];
        return sequence.Distances * parts.Graph.Weight<long>("positions.directions", directions, directions.Length, 1, 1) <= 0;
    }

    private static bool IsOneSided(SequenceModelOptions model) => model.PositionDetails.HasOneSidedAlibi(model.Mask);

    private static (double[] Left, double[] Right) Slopes(SequenceModelOptions model) => IsOneSided(model) ? AlibiSlopes.OneSided(model.Heads) : (AlibiSlopes.Of(model.Heads), []);
}

/// <summary>A trained number for each head and bucket of distances (Raffel et al. 2020). Distances beyond the largest share its bucket.</summary>
internal static class RelativeBias
{
    /// <summary>[H,L,L].</summary>
    public static Value Of(ModelParts parts, TokenSequence sequence)
    {
        var details = parts.Model.PositionDetails;
        int most = details.MaxDistance;
        long[] buckets = [.. Enumerable.Range(-most, 2 * most + 1).Select(distance => (long)RelativeBuckets.Of(distance, details.Buckets, most, !parts.Model.Mask.IsCausal))];
        var bucket = parts.Graph.Weight<long>("positions.buckets", buckets, buckets.Length).Gather(sequence.Distances.Clip(-most, most) + parts.Graph.Constant((long)most));   // [L,L]
        return parts.Vector("positions.bias").Gather(bucket).Transpose(2, 0, 1);
    }
}
