namespace MlAttention.Core.Explanations;

/// <summary>Whether two lists put the same things in the same order.</summary>
internal static class RankCorrelation
{
    /// <summary>Kendall's tau-b, which takes ties into account: -1 for opposite orders, 1 for the same one.</summary>
    /// <remarks>
    /// tau-b = (concordant - discordant) / sqrt((pairs - ties of x)(pairs - ties of y)). Source: Kendall 1945, "The treatment of ties in
    /// ranking problems". Every pair is looked at: for a text's tokens, of which there are hundreds at most.
    /// </remarks>
    /// <returns>Null where one list has no two different numbers.</returns>
    /// <exception cref="ArgumentException">The lists differ in length.</exception>
    public static double? KendallTau(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        if (x.Length != y.Length) throw new ArgumentException($"The lists must be of one length; got {x.Length} and {y.Length}.", nameof(y));
        long difference = 0, differentX = 0, differentY = 0;
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < i; j++)
            {
                int signX = x[i].CompareTo(x[j]), signY = y[i].CompareTo(y[j]);
                difference += Math.Sign(signX) * Math.Sign(signY);
                if (signX != 0) differentX++;
                if (signY != 0) differentY++;
            }
        return differentX == 0 || differentY == 0 ? null : difference / Math.Sqrt((double)differentX * differentY);
    }
}
