using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Training;

/// <summary>Random rows of each task, with something to learn in them.</summary>
internal static class TaskRows
{
    public const int Vocabulary = 19, Classes = 3;

    /// <summary>Several labels: class c for each of the keys 1 to 3 that occur. Of tokens: O, or B and I where key 1 begins a run of key 2. A number: 1000 + 50 times the key 1's share. Tokens that count up from the first, of which the last one is masked.</summary>
    public static TokenDataset Create(TaskKind task, int rows, int seed = 1)
    {
        var random = new Xoshiro256((ulong)seed);
        var builder = new TokenDatasetBuilder(Vocabulary, task == TaskKind.Regression ? 1 : task.PredictsTokens ? Vocabulary : Classes, 64, TruncationSide.KeepStart, task: task);
        for (int row = 0; row < rows; row++)
        {
            int[] keys = new int[2 + random.NextInt(8)];
            for (int i = 0; i < keys.Length; i++) keys[i] = 1 + random.NextInt(random.NextInt(2) == 0 ? 3 : Vocabulary);
            switch (task)
            {
                case TaskKind.SingleLabel: builder.Add(keys, keys[0] % Classes); break;
                case TaskKind.MultiLabel: builder.Add(keys, keys.Where(key => key <= Classes).Select(key => key - 1).ToArray()); break;
                case TaskKind.TokenLabels: builder.Add(keys, Entities(keys)); break;
                case TaskKind.NextToken: builder.AddText(Counted(keys)); break;
                case TaskKind.MaskedTokens: builder.Add([.. Counted(keys)[..^1], Mask], [.. Enumerable.Repeat(Targets.Ignored, keys.Length - 1), Counted(keys)[^1] - 1]); break;
                default: builder.AddNumber(keys, 1000 + 50f * keys.Count(key => key == 1) / keys.Length); break;
            }
        }
        return builder.Build();
    }

    /// <summary>The key that stands in the place of a masked one.</summary>
    private const int Mask = Vocabulary;

    private static int[] Counted(int[] keys) => [.. keys.Select((_, i) => 1 + (keys[0] + i) % (Vocabulary - 1))];

    private static int[] Entities(int[] keys)
    {
        int[] labels = new int[keys.Length];
        for (int i = 0; i < keys.Length; i++) labels[i] = keys[i] == 1 ? 1 : i > 0 && keys[i] == 2 && labels[i - 1] > 0 ? 2 : 0;
        return labels;
    }
}
