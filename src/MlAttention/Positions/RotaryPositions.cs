using MlAttention.Attention;
using static TorchSharp.torch;

namespace MlAttention.Positions;

/// <summary>Query and key are rotated by angles proportional to their position, so that their product depends on the distance alone.</summary>
/// <remarks>
/// Pair i of position p turns by p / scale · base^(-2i/Dh). Pairs are (0,1), (2,3), .. (interleaved, the paper) or
/// (0,Dh/2), (1,Dh/2+1), .. (halves, GPT-NeoX and LLaMA). Scale: position interpolation, Chen et al. 2023.
/// Source: Su et al. 2021, section 3.2.2, equations 15 and 34.
/// </remarks>
public sealed class RotaryPositions : PositionEncoding
{
    private readonly int _headWidth;
    private readonly double _base;
    private readonly bool _interleaved;
    private readonly double _positionScale;

    /// <summary>Creates the scheme.</summary>
    /// <param name="headWidth">Width Dh of a head, even.</param>
    /// <param name="frequencyBase">Base of the frequencies; greater than 1.</param>
    /// <param name="interleaved">Whether neighbours form the pairs, instead of the two halves.</param>
    /// <param name="positionScale">Positions are divided by this; at least 1.</param>
    public RotaryPositions(int headWidth, double frequencyBase = 10000, bool interleaved = true, double positionScale = 1) : base(nameof(RotaryPositions))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(headWidth, 2);
        if (headWidth % 2 != 0) throw new ArgumentException($"headWidth = {headWidth}: must be even, since rotary positions turn pairs. Change ModelWidth or Heads.", nameof(headWidth));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(frequencyBase, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(positionScale, 1);
        (_headWidth, _base, _interleaved, _positionScale) = (headWidth, frequencyBase, interleaved, positionScale);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Query or key has another head width.</exception>
    public override (Tensor Query, Tensor Key) TransformQueryKey(Tensor query, Tensor key)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        using var scope = NewDisposeScope();
        var angles = Angles(nameof(query), query);
        var keyAngles = key.shape.SequenceEqual(query.shape) ? angles : Angles(nameof(key), key);
        return (Rotate(query, angles).MoveToOuterDisposeScope(), Rotate(key, keyAngles).MoveToOuterDisposeScope());
    }

    /// <summary>Rotates vectors [..,L,Dh] by the angles of positions 0 .. L - 1.</summary>
    /// <exception cref="ArgumentException">The vectors have another width.</exception>
    public Tensor Rotate(Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        using var scope = NewDisposeScope();
        return Rotate(vectors, Angles(nameof(vectors), vectors)).MoveToOuterDisposeScope();
    }

    private Tensor Rotate(Tensor vectors, (Tensor Cosine, Tensor Sine) angles)
    {
        using var scope = NewDisposeScope();
        var (cosine, sine) = angles;                                                     // [L,Dh/2]
        var half = _headWidth / 2;
        if (_interleaved)
        {
            var pairs = vectors.reshape([.. vectors.shape[..^1], half, 2]);              // [..,L,Dh/2,2]
            var (first, second) = Turn(pairs.select(-1, 0), pairs.select(-1, 1), cosine, sine);
            return stack([first, second], -1).flatten(-2).MoveToOuterDisposeScope();
        }
        else
        {
            var (first, second) = Turn(vectors.narrow(-1, 0, half), vectors.narrow(-1, half, half), cosine, sine);
            return cat([first, second], -1).MoveToOuterDisposeScope();
        }
    }

    private static (Tensor First, Tensor Second) Turn(Tensor first, Tensor second, Tensor cosine, Tensor sine) =>
        (first.mul(cosine).sub(second.mul(sine)), first.mul(sine).add(second.mul(cosine)));

    private (Tensor Cosine, Tensor Sine) Angles(string name, Tensor like)
    {
        AttentionShapes.RequireVectors(name, like, "..,L,Dh", [], _headWidth, "The positions were made for this head width.");
        var (length, half) = ((int)like.shape[^2], _headWidth / 2);
        var (cosine, sine) = (new double[length, half], new double[length, half]);
        for (var i = 0; i < half; i++)
        {
            var frequency = Math.Pow(_base, -2.0 * i / _headWidth) / _positionScale;
            for (var position = 0; position < length; position++)
                (sine[position, i], cosine[position, i]) = Math.SinCos(position * frequency);
        }
        return (tensor(cosine, dtype: like.dtype, device: like.device), tensor(sine, dtype: like.dtype, device: like.device));
    }
}
