using System.Runtime.InteropServices;

namespace MlAttention.Text;

/// <summary>Counts tokens; allocates only for tokens not seen before.</summary>
internal sealed class TokenCounter
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _countsBySpan;

    public TokenCounter() => _countsBySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Each token with its count, in no order.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Add(ReadOnlySpan<char> token) => CollectionsMarshal.GetValueRefOrAddDefault(_countsBySpan, token, out _)++;

    /// <summary>The tokens seen at least <paramref name="minCount"/> times, the most frequent first, at most <paramref name="maxSize"/>.</summary>
    public IEnumerable<string> MostFrequent(int maxSize, int minCount) => _counts
        .Where(entry => entry.Value >= minCount)
        .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
        .Take(maxSize).Select(entry => entry.Key);
}
