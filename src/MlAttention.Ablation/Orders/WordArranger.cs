namespace MlAttention.Ablation.Orders;

/// <summary>Draws the order of a text's words for each <see cref="WordArrangement"/>.</summary>
internal static class WordArranger
{
    /// <summary>The order of the words of a text, in those of its parts whose order is tried; the other parts stay as they are.</summary>
    /// <param name="arrangement">How words stand.</param>
    /// <param name="words">The text's words, with <see cref="TextWords.Separator"/> between two parts.</param>
    /// <param name="random">Draws a random order.</param>
    /// <param name="parts">Which parts.</param>
    public static int[] Order(WordArrangement arrangement, IReadOnlyList<string> words, Xoshiro256 random, OrderedParts parts)
    {
        int[] order = WordOrder.Same(words.Count);
        foreach (var (start, length) in TextSegments.Reordered(words, TextWords.Separator, parts))
            foreach (var (place, from) in Order(arrangement, [.. words.Skip(start).Take(length)], random).Index()) order[start + place] = start + from;
        return order;
    }

    /// <summary>The order of a text's words. Pieces are none of its words' business: where they are shuffled, words stay in order.</summary>
    /// <param name="arrangement">How words stand.</param>
    /// <param name="words">The text's words.</param>
    /// <param name="random">Draws a random order.</param>
    public static int[] Order(WordArrangement arrangement, IReadOnlyList<string> words, Xoshiro256 random) => arrangement switch
    {
        WordArrangement.InOrder or WordArrangement.ShuffledPieces => WordOrder.Same(words.Count),
        WordArrangement.Shuffled => WordOrder.Shuffled(words.Count, random),
        WordArrangement.ShuffledAroundPunctuation => WordOrder.ShuffledExcept([.. words.Select(TextWords.IsPunctuation)], random),
        WordArrangement.Sorted => WordOrder.Sorted(words),
        WordArrangement.RunsOf2 => WordOrder.Blocks(words.Count, 2, random),
        WordArrangement.RunsOf3 => WordOrder.Blocks(words.Count, 3, random),
        WordArrangement.RunsOf4 => WordOrder.Blocks(words.Count, 4, random),
        WordArrangement.WindowsOf3 => WordOrder.Windows(words.Count, 3, random),
        WordArrangement.WindowsOf5 => WordOrder.Windows(words.Count, 5, random),
        WordArrangement.WindowsOf10 => WordOrder.Windows(words.Count, 10, random),
        _ => throw new ArgumentOutOfRangeException(nameof(arrangement), arrangement, "This arrangement is not known."),
    };
}

/// <summary>Which of the many random orders: each text of each draw has random numbers of its own, whichever texts are asked for with it.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Number">Its number among those of the purpose.</param>
internal readonly record struct OrderDraw(long Seed, string Purpose, int Number)
{
    // The same orders for all variants and seeds, so that what differs is the model.
    private const long TestSeed = 1;

    /// <summary>The order of training texts in an epoch, counted from 0.</summary>
    public static OrderDraw OfEpoch(long seed, int epoch) => new(seed, "order in training", epoch);

    /// <summary>The order of the texts that choose the best epoch.</summary>
    public static OrderDraw OfDev(long seed) => new(seed, "order of dev texts", 0);

    /// <summary>A draw for test texts, counted from 0.</summary>
    public static OrderDraw OfTest(int number) => new(TestSeed, "order at test", number);

    /// <summary>A shuffle of pieces that a model blind to order must not notice, counted from 0.</summary>
    public static OrderDraw OfGate(int number) => new(TestSeed, "order of pieces", number);

    /// <summary>The random numbers for one text.</summary>
    public Xoshiro256 For(int row) => Xoshiro256.For(unchecked((long)SplitMix64.Seed(Seed, Purpose, Number)), "text", row);
}
