namespace MlAttention.Ablation.Statistics;

/// <summary>How far an order of n words is from the text's: entry i is the place in the text of the word that now stands at i.</summary>
internal static class OrderDistance
{
    /// <summary>Global: IDC = (1/n²) Σ|i - π(i)|; 0 for the text's own order, about 1/3 for a random one.</summary>
    /// <remarks>Index displacement count of Clouatre et al. 2022.</remarks>
    public static double Global(IReadOnlyList<int> order)
    {
        double sum = 0;
        for (int i = 0; i < order.Count; i++) sum += Math.Abs(i - order[i]);
        return order.Count == 0 ? 0 : sum / ((double)order.Count * order.Count);
    }

    /// <summary>Local: DND = 1 - the share of neighbours that are still neighbours, in the same order; 0 for the text's own order, near 1 for a random one.</summary>
    /// <remarks>Direct neighbour displacement of Clouatre et al. 2022.</remarks>
    public static double Local(IReadOnlyList<int> order)
    {
        if (order.Count < 2) return 0;
        int kept = 0;
        for (int i = 1; i < order.Count; i++)
            if (order[i] == order[i - 1] + 1) kept++;
        return 1 - kept / (order.Count - 1.0);
    }
}
