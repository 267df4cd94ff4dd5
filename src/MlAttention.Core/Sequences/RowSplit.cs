namespace MlAttention.Core.Sequences;

/// <summary>Divides rows into two parts, by groups or by labels; both keep the rows' order. Each purpose has random numbers of its own.</summary>
internal static class RowSplit
{
    /// <summary>Holds out rows of a dataset for validation: whole groups where rows have them, otherwise a part of each class.</summary>
    /// <remarks>
    /// Of a class with n rows, floor(fraction n + u) are held out, with one random u from [0, 1) a class, so that rare classes are
    /// represented in proportion on average, and at least one row of each class stays for training. Rows of several labels count for
    /// the rarest one, rows without any and rows of numbers as a class of their own.
    /// </remarks>
    /// <param name="dataset">The rows.</param>
    /// <param name="fraction">Share of rows to hold out.</param>
    /// <param name="seed">Chooses the rows.</param>
    /// <param name="byLabel">Whether rows have classes to take parts of; otherwise all are of one, as where labels are the texts' own tokens.</param>
    public static (int[] Training, int[] Validation) HoldOut(TokenDataset dataset, double fraction, int seed, bool byLabel = true)
    {
        if (dataset.Groups.Length > 0) return Grouped(dataset.Groups, fraction, seed);
        var random = Xoshiro256.For(seed, "validation");
        int[] labels = byLabel ? dataset.Targets.RarestLabels(dataset.ClassCount) : [.. Enumerable.Repeat(Targets.Ignored, dataset.Count)];
        var classes = labels.Index().ToLookup(row => row.Item, row => row.Index);
        return Stratified(dataset.Count, Enumerable.Range(0, dataset.ClassCount).Append(Targets.Ignored).Select(label => (classes[label].ToArray(), random)),
            rows => Math.Max(0, Math.Min((int)(fraction * rows + random.NextDouble()), rows - 1)));
    }

    /// <summary>Takes the same share of each label's rows for the second part, as nearly as whole rows allow.</summary>
    /// <param name="labels">The label of each row.</param>
    /// <param name="fraction">Share of rows for the second part.</param>
    /// <param name="seed">Chooses the rows.</param>
    public static (int[] First, int[] Second) Stratified(IReadOnlyList<string> labels, double fraction, long seed)
    {
        var rowsByLabel = labels.Index().GroupBy(row => row.Item, row => row.Index).OrderBy(label => label.Key, StringComparer.Ordinal);
        return Stratified(labels.Count, rowsByLabel.Select(label => (label.ToArray(), Xoshiro256.For(seed, "stratified split " + label.Key))),
            rows => (int)Math.Round(fraction * rows));
    }

    /// <summary>Takes whole groups in random order until the second part has its share.</summary>
    /// <remarks>The first is one that does not go far beyond the share, if there is any, otherwise the smallest.</remarks>
    /// <param name="groups">The group of each row.</param>
    /// <param name="fraction">Share of rows for the second part.</param>
    /// <param name="seed">Chooses the groups.</param>
    /// <exception cref="ArgumentException">There are fewer than two groups.</exception>
    public static (int[] First, int[] Second) Grouped<T>(IReadOnlyList<T> groups, double fraction, long seed) where T : notnull
    {
        var sizes = groups.CountBy(group => group).ToArray();
        if (sizes.Length < 2) throw new ArgumentException("All rows are of one group, so they cannot be divided. Give another group column, or none.");
        Xoshiro256.For(seed, "grouped split").Shuffle(sizes.AsSpan());
        double wanted = fraction * groups.Count;
        int first = Array.FindIndex(sizes, group => group.Value / 2.0 <= wanted);
        if (first < 0) first = Array.IndexOf(sizes, sizes.MinBy(group => group.Value));
        (sizes[0], sizes[first]) = (sizes[first], sizes[0]);
        var second = new HashSet<T>();
        int taken = 0;
        foreach (var (group, size) in sizes)
        {
            if (second.Count > 0 && (taken + size / 2.0 > wanted || second.Count == sizes.Length - 1)) break;
            second.Add(group);
            taken += size;
        }
        return Divide(groups.Count, row => second.Contains(groups[row]));
    }

    /// <summary>Shuffles each stratum's rows with its random numbers and takes the first <paramref name="share"/> of them for the second part.</summary>
    private static (int[] First, int[] Second) Stratified(int count, IEnumerable<(int[] Rows, Xoshiro256 Random)> strata, Func<int, int> share)
    {
        bool[] second = new bool[count];
        foreach (var (rows, random) in strata)
        {
            random.Shuffle(rows.AsSpan());
            foreach (int row in rows.AsSpan(0, share(rows.Length))) second[row] = true;
        }
        return Divide(count, row => second[row]);
    }

    private static (int[] First, int[] Second) Divide(int count, Func<int, bool> inSecond)
    {
        var parts = Enumerable.Range(0, count).ToLookup(inSecond);
        return ([.. parts[false]], [.. parts[true]]);
    }
}
