using MlAttention.Randomness;

namespace MlAttention.Training;

/// <summary>Divides rows without dividing groups.</summary>
internal static class GroupedSplit
{
    /// <summary>Takes whole groups in random order until the second part has its share; both parts keep the rows' order.</summary>
    /// <remarks>A group that alone is far more than the share is passed over while nothing is taken; if all are, the smallest is taken.</remarks>
    /// <param name="groups">The group of each row.</param>
    /// <param name="fraction">Share of rows for the second part.</param>
    /// <param name="seed">Chooses the groups.</param>
    /// <exception cref="ArgumentException">There are fewer than two groups.</exception>
    public static (int[] First, int[] Second) Of(int[] groups, double fraction, long seed)
    {
        var sizes = groups.CountBy(group => group).ToArray();
        if (sizes.Length < 2) throw new ArgumentException("All rows are of one group, so they cannot be divided. Give another group column, or none.");
        Xoshiro256.For(seed, "grouped split").Shuffle(sizes.AsSpan());
        double wanted = fraction * groups.Length;
        var second = new HashSet<int>();
        int taken = 0;
        foreach (var (group, size) in sizes)
        {
            if (second.Count == sizes.Length - 1) break;
            if (taken + size / 2.0 > wanted)
            {
                if (second.Count > 0) break;
                continue;
            }
            second.Add(group);
            taken += size;
        }
        if (second.Count == 0) second.Add(sizes.MinBy(group => group.Value).Key);
        var rows = Enumerable.Range(0, groups.Length);
        return ([.. rows.Where(row => !second.Contains(groups[row]))], [.. rows.Where(row => second.Contains(groups[row]))]);
    }
}
