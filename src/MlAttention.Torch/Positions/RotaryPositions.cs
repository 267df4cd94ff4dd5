namespace MlAttention;

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

    // Of the longest sequence so far. What a longer one replaces may still be in use on another thread: the garbage collector frees it.
    private Angles? _angles;

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
        return (Rotate(query, AnglesOf(nameof(query), query)).MoveToOuterDisposeScope(), Rotate(key, AnglesOf(nameof(key), key)).MoveToOuterDisposeScope());
    }

    /// <summary>Rotates vectors [..,L,Dh] by the angles of positions 0 .. L - 1.</summary>
    /// <exception cref="ArgumentException">The vectors have another width.</exception>
    public Tensor Rotate(Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        using var scope = NewDisposeScope();
        return Rotate(vectors, AnglesOf(nameof(vectors), vectors)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _angles?.Cosine.Dispose();
            _angles?.Sine.Dispose();
        }
        base.Dispose(disposing);
    }

    private Tensor Rotate(Tensor vectors, Angles angles)
    {
        var (cosine, sine) = (angles.Cosine.narrow(0, 0, vectors.shape[^2]), angles.Sine.narrow(0, 0, vectors.shape[^2])); // [L,Dh/2]
        var (first, second) = Pairs(vectors);
        return Joined(first * cosine - second * sine, (first * sine).Plus(second * cosine));
    }

    /// <summary>The first and the second number of each pair, [..,L,Dh/2] each.</summary>
    private (Tensor First, Tensor Second) Pairs(Tensor vectors)
    {
        var half = _headWidth / 2;
        if (!_interleaved) return (vectors.narrow(-1, 0, half), vectors.narrow(-1, half, half));
        var pairs = vectors.reshape([.. vectors.shape[..^1], half, 2]);                  // [..,L,Dh/2,2]
        return (pairs.select(-1, 0), pairs.select(-1, 1));
    }

    private Tensor Joined(Tensor first, Tensor second) => _interleaved ? stack([first, second], -1).flatten(-2) : cat([first, second], -1);

    /// <summary>The angles of at least as many positions as the vectors have.</summary>
    /// <exception cref="ArgumentException">The vectors have another width.</exception>
    private Angles AnglesOf(string name, Tensor vectors)
    {
        TensorChecks.RequireVectors(name, vectors.shape, "..,L,Dh", [], _headWidth, "The positions were made for this head width.");
        var angles = Volatile.Read(ref _angles);
        if (angles?.Fit(vectors) == true) return angles;
        angles = CreateAngles((int)vectors.shape[^2], vectors.dtype, vectors.device);
        Volatile.Write(ref _angles, angles);
        return angles;
    }

    private Angles CreateAngles(int length, ScalarType type, Device device)
    {
        var half = _headWidth / 2;
        var (cosine, sine) = (new double[length, half], new double[length, half]);
        for (var i = 0; i < half; i++)
        {
            var frequency = Math.Pow(_base, -2.0 * i / _headWidth) / _positionScale;
            for (var position = 0; position < length; position++)
                (sine[position, i], cosine[position, i]) = Math.SinCos(position * frequency);
        }
        using var kept = inference_mode(false); // tensors of an inference mode could not serve training afterwards
        return new Angles(tensor(cosine, dtype: type, device: device).DetachFromDisposeScope(), tensor(sine, dtype: type, device: device).DetachFromDisposeScope());
    }

    /// <summary>Cosines and sines [positions,Dh/2]; never changed, since threads share the module.</summary>
    private sealed record Angles(Tensor Cosine, Tensor Sine)
    {
        public bool Fit(Tensor vectors) => Cosine.shape[0] >= vectors.shape[^2] && Cosine.dtype == vectors.dtype
            && Cosine.device_type == vectors.device_type && Cosine.device_index == vectors.device_index;
    }
}
