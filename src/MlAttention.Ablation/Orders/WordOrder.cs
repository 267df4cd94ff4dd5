namespace MlAttention.Ablation.Orders;

/// <summary>An order of a text's words: entry i of an order is the place in the text of the word that now stands at i.</summary>
internal static class WordOrder
{
    /// <summary>As they are.</summary>
    public static int[] Same(int words) => [.. Enumerable.Range(0, words)];

    /// <summary>At random.</summary>
    public static int[] Shuffled(int words, Xoshiro256 random)
    {
        int[] order = Same(words);
        random.Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>At random, but those words stay where they are.</summary>
    public static int[] ShuffledExcept(IReadOnlyList<bool> stays, Xoshiro256 random)
    {
        int[] order = Same(stays.Count), places = [.. order.Where(place => !stays[place])], from = [.. places];
        random.Shuffle(from.AsSpan());
        for (int i = 0; i < places.Length; i++) order[places[i]] = from[i];
        return order;
    }

    /// <summary>Runs of n neighbours stay together, and the runs stand at random.</summary>
    public static int[] Blocks(int words, int n, Xoshiro256 random)
    {
        int[] blocks = Shuffled((words + n - 1) / n, random);
        return [.. blocks.SelectMany(block => Enumerable.Range(block * n, Math.Min(n, words - block * n)))];
    }

    /// <summary>The text is cut into windows of n words, and each window's words stand at random: order is lost near by and kept far off.</summary>
    public static int[] Windows(int words, int n, Xoshiro256 random)
    {
        int[] order = Same(words);
        for (int start = 0; start < words; start += n) random.Shuffle(order.AsSpan(start, Math.Min(n, words - start)));
        return order;
    }

    /// <summary>By the words' letters, which are the same whatever the order was.</summary>
    public static int[] Sorted(IReadOnlyList<string> words) => [.. Same(words.Count).OrderBy(place => words[place], StringComparer.Ordinal)];
}
