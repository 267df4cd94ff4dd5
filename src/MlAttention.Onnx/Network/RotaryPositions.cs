namespace MlAttention.Onnx.Network;

/// <summary>Turns each pair of features of queries and keys by an angle proportional to the position (Su et al. 2021, RoPE).</summary>
/// <remarks>(x, y) becomes (x cos - y sin, x sin + y cos); the pairs are (0,1), (2,3), .. or (0,Dh/2), (1,Dh/2+1), ..</remarks>
internal sealed class RotaryPositions
{
    private readonly Value _cosines, _sines;            // [L,Dh/2]
    private readonly int _headWidth;
    private readonly bool _interleaved;

    private RotaryPositions(ModelParts parts, TokenSequence sequence)
    {
        var details = parts.Model.PositionDetails;
        (_headWidth, _interleaved) = (parts.Model.HeadWidth, details.RotaryInterleaved);
        var angles = Angles.Of(parts.Graph, sequence, [.. Enumerable.Range(0, _headWidth / 2).Select(pair => Math.Pow(details.RotaryBase, -2.0 * pair / _headWidth) / details.RotaryPositionScale)]);
        (_cosines, _sines) = (angles.Apply("Cos"), angles.Apply("Sin"));
    }

    /// <summary>The rotation of a model; null for one with another scheme.</summary>
    public static RotaryPositions? Of(ModelParts parts, TokenSequence sequence) => parts.Model.Positions == PositionScheme.Rotary ? new(parts, sequence) : null;

    /// <param name="vectors">Queries or keys, [B,H,L,Dh].</param>
    /// <returns>[B,H,L,Dh].</returns>
    public Value Rotate(Value vectors)
    {
        int half = _headWidth / 2;
        var x = _interleaved ? vectors.LastSlice(0, _headWidth, 2) : vectors.LastSlice(0, half);
        var y = _interleaved ? vectors.LastSlice(1, _headWidth, 2) : vectors.LastSlice(half, _headWidth);
        var (first, second) = (x * _cosines - y * _sines, x * _sines + y * _cosines);
        return _interleaved
            ? first.Unsqueeze(4).Concat(second.Unsqueeze(4), 4).Reshape(0, 0, 0, _headWidth)
            : first.Concat(second, 3);
    }
}
