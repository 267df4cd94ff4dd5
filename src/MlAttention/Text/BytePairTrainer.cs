namespace MlAttention.Text;

/// <summary>Learns byte pairs (Sennrich et al. 2016, algorithm 1): the characters first, then again and again the most frequent pair of neighbours.</summary>
internal sealed class BytePairTrainer(bool keepPunctuation) : IVocabularyTrainer
{
    private readonly BytePairWords _words = new(keepPunctuation);
    private readonly TokenCounter _counter = new();

    public void Add(ReadOnlySpan<char> text) => _words.ForEach(text, _counter.Add);

    public IEnumerable<string> Learn(int maxSize, int minCount)
    {
        var vocabulary = Characters(maxSize, minCount);
        var pairs = new BytePairStatistics(_counter.Counts, vocabulary);
        var known = vocabulary.ToHashSet(StringComparer.Ordinal);
        while (vocabulary.Count < maxSize && pairs.MergeMostFrequent(Math.Max(2, minCount)) is { } merged)
            if (known.Add(merged)) vocabulary.Add(merged);
        return vocabulary;
    }

    private List<string> Characters(int maxSize, int minCount)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (word, count) in _counter.Counts)
            foreach (var rune in word.EnumerateRunes())
            {
                var character = rune.ToString();
                counts[character] = counts.GetValueOrDefault(character) + count;
            }

        return [.. counts.Where(entry => entry.Value >= minCount)
            .OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(maxSize).Select(entry => entry.Key)];
    }
}
