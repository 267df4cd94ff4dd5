namespace MlAttention.Onnx.Network;

/// <summary>The schemes that add a vector to each token's embedding.</summary>
internal static class AddedPositions
{
    /// <summary>The vectors of the positions [L,D]; null for schemes that act elsewhere.</summary>
    public static Value? Of(ModelParts parts, TokenSequence sequence) => parts.Model.Positions switch
    {
        PositionScheme.Learned => parts.Vector("positions.weight").Gather(sequence.Positions + parts.Graph.Constant((long)parts.Model.PositionDetails.LearnedOffset)),
        PositionScheme.Sinusoidal => Sinusoidal(parts, sequence),
        PositionScheme.None or PositionScheme.Rotary or PositionScheme.ShawRelative or PositionScheme.RelativeBias or PositionScheme.Alibi => null,
        _ => throw new ArgumentOutOfRangeException(nameof(parts), parts.Model.Positions, "This position scheme is not known."),
    };

    /// <summary>sin(p f) and cos(p f) with f = base^(-2i/D) (Vaswani et al. 2017, section 3.5); an odd width has one sine more than cosines.</summary>
    private static Value Sinusoidal(ModelParts parts, TokenSequence sequence)
    {
        int width = parts.Model.ModelWidth, pairs = (width + 1) / 2;
        var details = parts.Model.PositionDetails;
        var angles = Angles.Of(parts.Graph, sequence, [.. Enumerable.Range(0, pairs).Select(pair => Math.Pow(details.SinusoidalBase, -2.0 * pair / width))]);
        var (sines, cosines) = (angles.Apply("Sin"), angles.Apply("Cos"));                  // [L,pairs]
        var all = details.SinusoidalInterleaved ? sines.Unsqueeze(2).Concat(cosines.Unsqueeze(2), 2).Reshape(0, -1) : sines.Concat(cosines, 1);
        return width % 2 == 0 ? all : all.LastSlice(0, width);
    }
}

/// <summary>Angles of positions: position times frequency, as a part of a full turn.</summary>
/// <remarks>
/// In float32 a position of some hundreds times a frequency has an error of 1e-5. So turns are counted in whole numbers, 2^40 to the
/// full turn, and only what is left of the last one becomes a float.
/// </remarks>
internal static class Angles
{
    private const long FullTurn = 1L << 40;

    /// <summary>The angles [L,frequencies] in radians, from 0 to 2π.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sequence">Whose positions.</param>
    /// <param name="frequencies">Radians for each position, up to 1.</param>
    public static Value Of(GraphBuilder graph, TokenSequence sequence, double[] frequencies)
    {
        long[] turns = [.. frequencies.Select(frequency => (long)Math.Round(frequency / (2 * Math.PI) * FullTurn))];
        var whole = sequence.Positions.Unsqueeze(1) * graph.List(turns);                    // [L,frequencies]
        return graph.Node("Mod", [whole, graph.Constant(FullTurn)]).ToFloat() * (float)(2 * Math.PI / FullTurn);
    }
}
