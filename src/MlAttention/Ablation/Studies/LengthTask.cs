using MlAttention.Data;
using MlAttention.Randomness;
using MlAttention.Training;

namespace MlAttention.Ablation.Studies;

/// <summary>
/// Texts of any length in which order decides: two marked tokens stand somewhere among fillers, and the label says which comes first.
/// Each text comes with its mirror image, in which the two are swapped, so words alone give nothing away.
/// </summary>
internal static class LengthTask
{
    private const int Fillers = 12, First = Fillers + 1, Second = Fillers + 2;

    /// <summary>The accuracy of guessing.</summary>
    public const double Chance = 0.5;

    /// <summary>Different tokens.</summary>
    public const int Vocabulary = Fillers + 2;

    /// <summary>Makes texts of lengths from <paramref name="shortest"/> to <paramref name="longest"/>.</summary>
    public static TokenDataset Make(int texts, int shortest, int longest, long seed)
    {
        var random = Xoshiro256.For(seed, "length task");
        var builder = new TokenDatasetBuilder(Vocabulary, classCount: 2, maxTokens: longest, TruncationSide.KeepStart);
        for (int text = 0; text < texts / 2; text++)
        {
            int[] tokens = new int[shortest + random.NextInt(longest - shortest + 1)];
            for (int i = 0; i < tokens.Length; i++) tokens[i] = 1 + random.NextInt(Fillers);
            int one = random.NextInt(tokens.Length), other = (one + 1 + random.NextInt(tokens.Length - 1)) % tokens.Length;
            foreach (var (left, right, label) in new[] { (First, Second, 0), (Second, First, 1) })
            {
                tokens[Math.Min(one, other)] = left;
                tokens[Math.Max(one, other)] = right;
                builder.Add(tokens, label);
            }
        }
        return builder.Build();
    }
}
