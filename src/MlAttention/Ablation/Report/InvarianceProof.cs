namespace MlAttention.Ablation;

/// <summary>
/// A theorem, checked: bidirectional attention without positions under mean, max or attention pooling gives the same logits for every order
/// of the tokens.
/// </summary>
/// <param name="Variant">The variant to which the theorem applies.</param>
/// <param name="LargestLogitChange">The largest change seen over all test texts, shuffles and seeds.</param>
/// <param name="Bound">What float32 rounding may come to.</param>
public sealed record InvarianceProof(AblationVariant Variant, double LargestLogitChange, double Bound)
{
    /// <summary>Whether the change stays below the bound.</summary>
    public bool Holds => LargestLogitChange < Bound;
}
