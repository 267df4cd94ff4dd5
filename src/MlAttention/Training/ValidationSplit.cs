using MlAttention.Data;
using MlAttention.Randomness;

namespace MlAttention.Training;

/// <summary>Holds out a part of each class's rows, or of the groups of rows, for validation.</summary>
internal static class ValidationSplit
{
    /// <summary>Rows for training and for validation, each in the dataset's order.</summary>
    /// <remarks>
    /// Where rows have groups, whole groups are held out in random order until the fraction is reached. Otherwise, of a class with n rows, floor(fraction n + u) are held out, with one random u from [0, 1) a class, so that rare classes
    /// are represented in proportion on average, and at least one row of each class stays for training.
    /// </remarks>
    public static (int[] Training, int[] Validation) Of(TokenDataset dataset, double fraction, int seed)
    {
        if (dataset.Groups.Length > 0) return GroupedSplit.Of(dataset.Groups, fraction, seed);
        var random = Xoshiro256.For(seed, "validation");
        var heldOut = new bool[dataset.Count];
        foreach (var rows in RowsByClass(dataset))
        {
            random.Shuffle(rows.AsSpan());
            var count = Math.Min((int)(fraction * rows.Length + random.NextDouble()), rows.Length - 1);
            foreach (var row in rows.AsSpan(0, Math.Max(0, count))) heldOut[row] = true;
        }
        var all = Enumerable.Range(0, dataset.Count);
        return (all.Where(row => !heldOut[row]).ToArray(), all.Where(row => heldOut[row]).ToArray());
    }

    private static int[][] RowsByClass(TokenDataset dataset)
    {
        var rows = dataset.CountClasses().Select(count => new int[count]).ToArray();
        var filled = new int[rows.Length];
        for (var row = 0; row < dataset.Count; row++)
        {
            var label = dataset.Labels[row];
            rows[label][filled[label]++] = row;
        }
        return rows;
    }
}
