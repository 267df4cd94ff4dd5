namespace MlAttention.Positions;

/// <summary>The sizes of the model that a position scheme serves.</summary>
/// <param name="ModelWidth">Width D of the embeddings.</param>
/// <param name="Heads">Number of attention heads H.</param>
/// <param name="MaxLength">Longest sequence in tokens.</param>
/// <param name="Causal">Whether a token sees only itself and those before it.</param>
public sealed record PositionShape(int ModelWidth, int Heads, int MaxLength, bool Causal = false)
{
    /// <summary>Width Dh of a head.</summary>
    public int HeadWidth => ModelWidth / Heads;
}
