using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Objectives;

/// <summary>Targets of every kind for batches of random rows.</summary>
internal static class RandomTargets
{
    /// <summary>The classes of a task that a head of so many outputs would have, over an embedding of so many rows where it predicts tokens.</summary>
    public static int Classes(TaskKind task, int classes, int embeddingRows = 23) => task == TaskKind.Regression ? 1 : task.PredictsTokens ? embeddingRows - 2 : classes;

    /// <summary>Targets of a batch: some rows without any of several labels, some tokens without a label.</summary>
    public static Targets Of(TaskKind task, Random random, int classes, int[] lengths, int length)
    {
        int rows = lengths.Length;
        switch (task)
        {
            case TaskKind.SingleLabel:
                return Enumerable.Range(0, rows).Select(_ => random.Next(classes)).ToArray();
            case TaskKind.MultiLabel:
                int[][] several = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, classes).Where(_ => random.Next(3) == 0).ToArray())];
                return Targets.SeveralEach([.. several.SelectMany(labels => labels)], Offsets(several.Select(labels => labels.Length)));
            case TaskKind.TokenLabels:
            case TaskKind.MaskedTokens:
            case TaskKind.NextToken:
                return Targets.OfTokens([.. lengths.SelectMany(ofRow => Enumerable.Range(0, length).Select(i => i < ofRow && random.Next(4) > 0 ? random.Next(classes) : Targets.Ignored))],
                    Offsets(lengths.Select(_ => length)));
            default:
                return Targets.OfNumbers([.. Enumerable.Range(0, rows).Select(_ => (float)(4 * random.NextDouble() - 2))]);
        }
    }

    private static int[] Offsets(IEnumerable<int> counts)
    {
        var offsets = new List<int> { 0 };
        foreach (int count in counts) offsets.Add(offsets[^1] + count);
        return [.. offsets];
    }
}
