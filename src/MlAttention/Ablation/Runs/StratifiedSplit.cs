using MlAttention.Randomness;

namespace MlAttention.Ablation.Runs;

/// <summary>Divides rows so that each label has the same share in both parts, as nearly as whole rows allow.</summary>
internal static class StratifiedSplit
{
    /// <summary>Takes a random share of each label's rows for the second part; both parts keep the rows' order.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <param name="fraction">Share of rows for the second part.</param>
    /// <param name="seed">Chooses the rows.</param>
    public static (int[] First, int[] Second) Of(IReadOnlyList<string> labels, double fraction, long seed)
    {
        var second = new bool[labels.Count];
        foreach (var label in Enumerable.Range(0, labels.Count).GroupBy(row => labels[row]).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            int[] rows = [.. label];
            Xoshiro256.For(seed, "stratified split " + label.Key).Shuffle(rows.AsSpan());
            foreach (int row in rows.AsSpan(0, (int)Math.Round(fraction * rows.Length))) second[row] = true;
        }
        var all = Enumerable.Range(0, labels.Count);
        return ([.. all.Where(row => !second[row])], [.. all.Where(row => second[row])]);
    }
}
