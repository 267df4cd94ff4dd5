using MlAttention.Architecture;

namespace MlAttention.Positions;

/// <summary>Makes position schemes, by name or one's own.</summary>
public static class PositionFactory
{
    /// <summary>Makes the scheme that the enumeration names.</summary>
    /// <param name="scheme">The scheme.</param>
    /// <param name="shape">The sizes of the model.</param>
    /// <param name="options">Details; null for the defaults.</param>
    public static PositionEncoding Create(PositionScheme scheme, PositionShape shape, PositionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(shape);
        options ??= new();
        return scheme switch
        {
            PositionScheme.None => new NoPositions(),
            PositionScheme.Sinusoidal => new SinusoidalPositions(shape.ModelWidth, options.SinusoidalBase, options.SinusoidalInterleaved),
            PositionScheme.Learned => new LearnedPositions(shape.MaxLength, shape.ModelWidth),
            PositionScheme.ShawRelative => new ShawRelativePositions(shape.HeadWidth, options.ClipDistance),
            PositionScheme.RelativeBias => new RelativeBiasPositions(shape.Heads, options.Buckets, options.MaxDistance, bidirectional: !shape.Causal),
            PositionScheme.Rotary => new RotaryPositions(shape.HeadWidth, options.RotaryBase, options.RotaryInterleaved, options.RotaryPositionScale),
            PositionScheme.Alibi => new AlibiPositions(shape.Heads, oneSided: options.AlibiOneSided && !shape.Causal),
            _ => throw new ArgumentOutOfRangeException(nameof(scheme), scheme, "This position scheme is not known."),
        };
    }

    /// <summary>A maker of the scheme that the enumeration names; a model takes any such function, so also one's own scheme.</summary>
    /// <example><code>Func&lt;PositionShape, PositionEncoding&gt; mine = shape => new MyPositions(shape.ModelWidth);</code></example>
    public static Func<PositionShape, PositionEncoding> Maker(PositionScheme scheme, PositionOptions? options = null) =>
        shape => Create(scheme, shape, options);
}
