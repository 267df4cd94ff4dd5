namespace MlAttention.Positions;

/// <summary>No position information: every hook leaves things as they are, so self-attention is permutation-equivariant.</summary>
public sealed class NoPositions : PositionEncoding
{
    /// <summary>Creates the scheme.</summary>
    public NoPositions() : base(nameof(NoPositions))
    {
    }
}
