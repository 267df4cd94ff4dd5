using MlAttention.Randomness;

namespace MlAttention.Training;

/// <summary>Divides rows without dividing groups.</summary>
internal static class GroupedSplit
{
    /// <summary>Takes whole groups in random order until the second part has its share; both parts keep the rows' order.</summary>
    /// <remarks>The first is one that does not go far beyond the share, if there is any, otherwise the smallest.</remarks>
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
        int first = Array.FindIndex(sizes, group => group.Value / 2.0 <= wanted);
        if (first < 0) first = Array.IndexOf(sizes, sizes.MinBy(group => group.Value));
        (sizes[0], sizes[first]) = (sizes[first], sizes[0]);
        var second = new HashSet<int>();
        int taken = 0;
        foreach (var (group, size) in sizes)
        {
            if (second.Count > 0 && (taken + size / 2.0 > wanted || second.Count == sizes.Length - 1)) break;
            second.Add(group);
            taken += size;
        }
        var rows = Enumerable.Range(0, groups.Length);
        return ([.. rows.Where(row => !second.Contains(groups[row]))], [.. rows.Where(row => second.Contains(groups[row]))]);
    }
}
