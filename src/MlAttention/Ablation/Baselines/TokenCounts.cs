using MlAttention.Data;

namespace MlAttention.Ablation.Baselines;

/// <summary>Turns token sequences into counts of tokens and, if asked, of neighbouring pairs. Features come from the training texts; others are left out.</summary>
internal sealed class TokenCounts
{
    private readonly Dictionary<(int First, int Second), int> _features = [];
    private readonly bool _pairs;

    /// <summary>Learns the features of the training texts.</summary>
    public TokenCounts(TokenDataset training, bool pairs)
    {
        _pairs = pairs;
        for (int row = 0; row < training.Count; row++)
            foreach (var key in Keys(training.Row(row).ToArray()))
                _features.TryAdd(key, _features.Count);
    }

    /// <summary>Number of features.</summary>
    public int Count => _features.Count;

    /// <summary>The features of every text.</summary>
    public IReadOnlyList<SparseRow> Rows(TokenDataset texts) => [.. Enumerable.Range(0, texts.Count).Select(row => Row(texts.Row(row).ToArray()))];

    private SparseRow Row(int[] tokens)
    {
        var counts = new SortedDictionary<int, double>();
        foreach (var key in Keys(tokens))
            if (_features.TryGetValue(key, out int feature)) counts[feature] = counts.GetValueOrDefault(feature) + 1;
        double length = Math.Sqrt(counts.Values.Sum(count => count * count));
        return new([.. counts.Keys], [.. counts.Values.Select(count => count / length)]);
    }

    // A single token is the pair (token, -1); -1 is no token.
    private IEnumerable<(int, int)> Keys(int[] tokens)
    {
        foreach (int token in tokens) yield return (token, -1);
        if (!_pairs) yield break;
        for (int i = 1; i < tokens.Length; i++) yield return (tokens[i - 1], tokens[i]);
    }
}
