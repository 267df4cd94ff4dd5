using MlAttention.Core.Randomness;
using MlAttention.Core.Sequences;

namespace MlAttention.Tests.Training;

/// <summary>Random rows whose label is told by one keyword: class c has key c + 1 somewhere.</summary>
internal static class KeywordRows
{
    public const int Vocabulary = 29;
    public const int Classes = 3;

    public static TokenDataset Create(int rows, int seed = 1, int longest = 13, int maxTokens = 64, bool mislabelled = false)
    {
        var random = new Xoshiro256((ulong)seed);
        var builder = new TokenDatasetBuilder(Vocabulary, Classes, maxTokens, TruncationSide.KeepStart);
        for (var row = 0; row < rows; row++)
        {
            var label = random.NextInt(Classes);
            var keys = new int[1 + random.NextInt(longest)];
            for (var i = 0; i < keys.Length; i++) keys[i] = Classes + 1 + random.NextInt(Vocabulary - Classes);
            keys[random.NextInt(keys.Length)] = label + 1;
            builder.Add(keys, mislabelled ? (label + 1) % Classes : label);
        }
        return builder.Build();
    }
}
