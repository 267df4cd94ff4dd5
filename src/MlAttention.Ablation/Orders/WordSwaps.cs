namespace MlAttention.Ablation.Orders;

/// <summary>Finds texts that two words change into one another by changing places, as when who does and who suffers are swapped.</summary>
internal static class WordSwaps
{
    /// <summary>All ordered pairs of texts that differ by one swap of two words and in their label. Capital letters make no difference.</summary>
    /// <param name="texts">The words of each text.</param>
    /// <param name="labels">The label of each text.</param>
    public static IReadOnlyList<(int First, int Second)> Pairs(IReadOnlyList<string[]> texts, int[] labels)
    {
        var pairs = new List<(int, int)>();
        var bags = Enumerable.Range(0, texts.Count).GroupBy(text => string.Join('\n', texts[text].Select(Plain).Order(StringComparer.Ordinal)));
        foreach (int[] bag in bags.Select(bag => bag.ToArray()))
            foreach (int first in bag)
                foreach (int second in bag)
                    if (labels[first] != labels[second] && IsSwap(texts[first], texts[second])) pairs.Add((first, second));
        return pairs;
    }

    private static bool IsSwap(string[] one, string[] other)
    {
        int[] different = [.. Enumerable.Range(0, one.Length).Where(place => Plain(one[place]) != Plain(other[place])).Take(3)];
        return different.Length == 2 && different.All(place => one[place] != TextWords.Separator && other[place] != TextWords.Separator); // the bags are equal, so that the two have changed places
    }

    private static string Plain(string word) => word.ToLowerInvariant();
}
