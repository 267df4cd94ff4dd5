namespace MlAttention.Ablation;

/// <summary>What a comparison asks. Holm's correction runs over the comparisons of one question.</summary>
public enum ComparisonQuestion
{
    /// <summary>What is lost without positions? A scheme against none, the rest alike.</summary>
    Positions,
    /// <summary>Do two schemes differ? Sinusoidal against each other scheme.</summary>
    Schemes,
    /// <summary>What do Shaw's positions lose with another clipping distance? That of the model against the other.</summary>
    Clipping,
    /// <summary>Does a causal mask tell order without positions?</summary>
    Mask,
    /// <summary>What is lost when tokens are shuffled? In order against shuffled.</summary>
    Shuffling,
    /// <summary>What does another encoder reach? Against attention without positions.</summary>
    Encoder,
}
