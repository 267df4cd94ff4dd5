namespace MlAttention.Core.Text;

/// <summary>Learns byte pairs (Sennrich et al. 2016, algorithm 1): the characters first, then again and again the most frequent pair of neighbours.</summary>
internal sealed class BytePairTrainer(bool keepPunctuation) : IVocabularyTrainer
{
    private readonly BytePairWords _words = new(keepPunctuation);
    private readonly TokenCounter _counter = new();

    public void Add(ReadOnlySpan<char> text) => _words.ForEach(text, _counter.Add);

    public IEnumerable<string> Learn(int maxSize, int minCount)
    {
        List<string> vocabulary = [.. Characters(maxSize, minCount)];
        var pairs = new BytePairStatistics(_counter.Counts, vocabulary);
        var known = vocabulary.ToHashSet(StringComparer.Ordinal);
        while (vocabulary.Count < maxSize && pairs.MergeMostFrequent(Math.Max(2, minCount)) is { } merged)
            if (known.Add(merged)) vocabulary.Add(merged);
        return vocabulary;
    }

    /// <summary>Characters alone: another merge would cut words that the vocabulary knows in another way.</summary>
    public IEnumerable<string> Missing(IReadOnlySet<string> vocabulary, int minCount) => Characters(int.MaxValue, minCount).Where(token => !vocabulary.Contains(token));

    private IEnumerable<string> Characters(int maxSize, int minCount)
    {
        var counter = new TokenCounter();
        Span<char> character = stackalloc char[2];
        foreach (var (word, count) in _counter.Counts)
            foreach (var rune in word.EnumerateRunes())
                counter.Add(character[..rune.EncodeToUtf16(character)], count);
        return counter.MostFrequent(maxSize, minCount);
    }
}

/// <summary>The words as sequences of parts, with the count of every pair of neighbours, kept up to date while pairs are merged.</summary>
internal sealed class BytePairStatistics
{
    private static readonly Comparer<(long Count, string Left, string Right)> MostFrequentFirst = Comparer<(long Count, string Left, string Right)>.Create((x, y) =>
        x.Count != y.Count ? y.Count.CompareTo(x.Count)
        : string.CompareOrdinal(x.Left, y.Left) is not 0 and var byLeft ? byLeft
        : string.CompareOrdinal(x.Right, y.Right));

    private readonly List<string> _parts;
    private readonly string _continuation;
    private readonly List<int>[] _words;
    private readonly long[] _wordCounts;
    private readonly int _wordCount;
    private readonly Dictionary<(int Left, int Right), long> _pairCounts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _wordsOfPair = [];
    private readonly PriorityQueue<(int Left, int Right), (long Count, string Left, string Right)> _queue = new(MostFrequentFirst);

    /// <param name="words">Each word with its count.</param>
    /// <param name="characters">The characters that have a key; any other character separates.</param>
    /// <param name="continuation">What parts begin with that do not begin a word: nothing, or the mark of WordPiece.</param>
    public BytePairStatistics(IReadOnlyDictionary<string, long> words, IReadOnlyList<string> characters, string continuation = "")
    {
        _parts = [.. characters];
        _continuation = continuation;
        var indexes = characters.Select((character, index) => (character, index)).ToDictionary(pair => pair.character, pair => pair.index, StringComparer.Ordinal);
        _words = new List<int>[words.Count];
        _wordCounts = new long[words.Count];
        foreach (var (text, count) in words.OrderBy(word => word.Key, StringComparer.Ordinal))
        {
            int word = _wordCount++;
            _words[word] = [.. Characters(text, continuation).Select(character => indexes.GetValueOrDefault(character, -1))];
            _wordCounts[word] = count;
            CountPairs(word, sign: 1);
        }
        foreach (var (pair, count) in _pairCounts) Enqueue(pair, count);
    }

    /// <summary>The characters of a word, all but the first with the continuation before them.</summary>
    public static IEnumerable<string> Characters(string word, string continuation) => word.EnumerateRunes().Select((rune, place) => place == 0 ? rune.ToString() : continuation + rune);

    /// <summary>Merges the most frequent pair in all words; among equals, the first in ordinal order of its parts.</summary>
    /// <returns>The merged text, or null when no pair occurs at least <paramref name="minCount"/> times.</returns>
    public string? MergeMostFrequent(long minCount)
    {
        while (_queue.TryDequeue(out var pair, out var priority))
        {
            long count = _pairCounts.GetValueOrDefault(pair);
            if (count != priority.Count) continue;
            if (count < minCount) return null;

            Merge(pair);
            return _parts[^1];
        }
        return null;
    }

    private void Merge((int Left, int Right) pair)
    {
        int merged = _parts.Count;
        _parts.Add(_parts[pair.Left] + _parts[pair.Right][_continuation.Length..]);
        var changed = new HashSet<(int, int)>();
        foreach (int word in _wordsOfPair[pair].ToArray())
        {
            CountPairs(word, -1, changed);
            Replace(_words[word], pair, merged);
            CountPairs(word, 1, changed);
        }
        foreach (var other in changed)
            if (_pairCounts.TryGetValue(other, out long count)) Enqueue(other, count);
    }

    private static void Replace(List<int> word, (int Left, int Right) pair, int merged)
    {
        int write = 0;
        for (int read = 0; read < word.Count; read++)
        {
            bool matches = read + 1 < word.Count && word[read] == pair.Left && word[read + 1] == pair.Right;
            word[write++] = matches ? merged : word[read];
            if (matches) read++;
        }
        word.RemoveRange(write, word.Count - write);
    }

    private void CountPairs(int word, int sign, HashSet<(int, int)>? changed = null)
    {
        var parts = CollectionsMarshal.AsSpan(_words[word]);
        for (int i = 0; i + 1 < parts.Length; i++)
        {
            if (parts[i] < 0 || parts[i + 1] < 0) continue;
            var pair = (parts[i], parts[i + 1]);
            changed?.Add(pair);
            ref long count = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _);
            count += sign * _wordCounts[word];
            if (count == 0) _pairCounts.Remove(pair);

            ref var words = ref CollectionsMarshal.GetValueRefOrAddDefault(_wordsOfPair, pair, out _);
            words ??= [];
            if (sign > 0) words.Add(word);
            else words.Remove(word);
        }
    }

    private void Enqueue((int Left, int Right) pair, long count) => _queue.Enqueue(pair, (count, _parts[pair.Left], _parts[pair.Right]));
}
