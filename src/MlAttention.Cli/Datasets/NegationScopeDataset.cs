namespace MlAttention.Cli.Datasets;

/// <summary>
/// Reviews with praise, blame and the word "not". In two rows of five the same words stand under both labels and what "not" stands
/// before decides ("not bland but tasty", "not tasty but bland"); in the others the words decide. A model that cannot see order
/// is right in at most 80% of the rows.
/// </summary>
internal sealed class NegationScopeDataset() : DatasetGenerator(
    "negation-scope", "order decides two rows of five: what does the word not belong to?", ["Text", "Label", "Group"], 3000)
{
    /// <summary>Rows are made in blocks of this many: two decided by order, three by words.</summary>
    public const int BlockSize = 10;

    /// <summary>The largest share of right answers without order: 3/5 decided by words, and half of the rest.</summary>
    public const double OrderBlindCeiling = 0.8;

    private const string Positive = "positive", Negative = "negative";

    private static readonly string[] s_subjects =
    [
        "soup", "room", "film", "service", "concert", "hotel", "book", "breakfast", "museum", "tour", "actor", "guide", "garden", "bus", "lecture", "menu",
        "show", "bakery", "pool", "game", "trip", "theatre", "cabin", "shop",
    ];

    private static readonly string[] s_praise =
    [
        "good", "tasty", "clean", "friendly", "exciting", "warm", "charming", "fresh", "pleasant", "clever", "lovely", "quiet", "honest", "elegant", "cheap", "bright",
    ];

    private static readonly string[] s_blame =
    [
        "bad", "bland", "dirty", "rude", "boring", "cold", "ugly", "stale", "awful", "silly", "dull", "noisy", "dishonest", "clumsy", "expensive", "gloomy",
    ];

    private static readonly string[] s_openings =
    [
        "", "Honestly, ", "In our opinion, ", "After two visits I can say: ", "As my friends told me, ", "To be fair, ", "Once again, ", "Contrary to the advert, ",
    ];

    private static readonly string[] s_endings =
    [
        " overall", " this time", " for the price", " when we were there", " on both days", " in every way", " from start to finish", " as always",
    ];

    // {0} is what holds, {1} is what does not. Neither stands beside punctuation, so the two stay the same words for any tokenizer.
    private static readonly string[] s_orderTemplates =
    [
        "the {2} was not {1} but {0}{3}.",
        "the {2} was {0} and not {1}{3}.",
        "the {2} was {0} and certainly not {1}{3}.",
        "the {2} seemed not at all {1} but rather {0}{3}.",
        "I found the {2} not {1} but simply {0}{3}.",
    ];

    private static readonly string[] s_wordTemplates =
    [
        "the {2} was {0} and {1}{3}.",
        "the {2} seemed {0} and really {1}{3}.",
        "I found the {2} {0} and very {1}{3}.",
        "everybody called the {2} {0} and even {1}{3}.",
    ];

    protected override string? WhyNot(int rows) => rows > 0 && rows % BlockSize == 0 ? null
        : $"{Name} makes blocks of {BlockSize} rows, 4 of them decided by order; {rows} is no multiple of {BlockSize}.";

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        var bags = new HashSet<string>();
        while (true)
        {
            foreach (string[] row in OrderPairs(random, bags).Take(4)) yield return row;
            foreach (string[] row in WordRows(random, bags, Positive, s_praise).Take(3)) yield return row;
            foreach (string[] row in WordRows(random, bags, Negative, s_blame).Take(3)) yield return row;
        }
    }

    private static IEnumerable<string[]> OrderPairs(Xoshiro256 random, HashSet<string> bags)
    {
        while (true)
        {
            var frame = Frame.Pick(random, s_orderTemplates);
            string good = random.Pick(s_praise), bad = random.Pick(s_blame);
            if (!bags.Add(WordBag.Of(frame.Fill(good, bad)))) continue;
            string group = FormattableString.Invariant($"{bags.Count}");
            yield return [frame.Fill(good, bad), Positive, group];
            yield return [frame.Fill(bad, good), Negative, group];
        }
    }

    private static IEnumerable<string[]> WordRows(Xoshiro256 random, HashSet<string> bags, string label, string[] words)
    {
        while (true)
        {
            var frame = Frame.Pick(random, s_wordTemplates);
            int first = random.NextInt(words.Length), second = (first + 1 + random.NextInt(words.Length - 1)) % words.Length;
            string text = frame.Fill(words[first], words[second]);
            if (bags.Add(WordBag.Of(text))) yield return [text, label, FormattableString.Invariant($"{bags.Count}")];
        }
    }

    private readonly record struct Frame(string Template, string Opening, string Subject, string Ending)
    {
        public static Frame Pick(Xoshiro256 random, string[] templates) =>
            new(random.Pick(templates), random.Pick(s_openings), random.Pick(s_subjects), random.Pick(s_endings));

        public string Fill(string holds, string other)
        {
            string text = Opening + string.Format(CultureInfo.InvariantCulture, Template, holds, other, Subject, Ending);
            return char.ToUpperInvariant(text[0]) + text[1..];
        }
    }
}
