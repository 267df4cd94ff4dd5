using System.Globalization;

namespace MlAttention.Ablation;

/// <summary>One machine's part of an ablation: the runs whose number leaves a given rest.</summary>
/// <param name="Index">From 1 to <paramref name="Count"/>.</param>
/// <param name="Count">How many shards there are.</param>
public sealed record AblationShard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    public static AblationShard Whole { get; } = new(1, 1);

    /// <summary>Reads "2/8".</summary>
    /// <exception cref="FormatException">It is not of that form, or the index is out of range.</exception>
    public static AblationShard Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && index >= 1 && index <= count) return new(index, count);
        throw new FormatException($"A shard is i/N with i from 1 to N, for example 2/8; got '{text}'.");
    }

    /// <summary>Whether the run with this number (from 0) belongs to the shard.</summary>
    public bool Contains(int run) => run % Count == Index - 1;
}
