namespace MlAttention.Ablation.Statistics;

/// <summary>
/// Holm (1979): keeps the chance of any false finding among m comparisons at the level. The k-th smallest p is multiplied by m - k + 1,
/// and no adjusted p is below one that came before it.
/// </summary>
internal static class HolmCorrection
{
    /// <summary>Adjusted p values in the order given.</summary>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(index => p[index])];
        double[] adjusted = new double[p.Count];
        double largest = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, p[order[rank]] * (p.Count - rank)));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
