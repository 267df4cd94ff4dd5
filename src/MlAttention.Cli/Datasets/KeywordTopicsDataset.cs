namespace MlAttention.Cli.Datasets;

/// <summary>
/// Topics given away by their words: each sentence has three words of its topic and one of another, in any order.
/// Removing position information should cost nothing, and the ablation should say so.
/// </summary>
internal sealed class KeywordTopicsDataset() : DatasetGenerator(
    "keyword-topics", "topics given away by their words; order is irrelevant", ["Text", "Label"], 2000)
{
    private static readonly string[] s_labels = ["cooking", "gardening", "music", "sailing"];

    private static readonly string[][] s_keywords =
    [
        ["oven", "recipe", "dough", "garlic", "saucepan", "butter", "simmering", "whisk", "onions", "flour", "vinegar", "seasoning", "noodles", "broth", "pastry", "grater", "basil", "skillet"],
        ["compost", "seedlings", "pruning", "tulips", "weeds", "greenhouse", "watering", "hedge", "mulch", "orchard", "spade", "lawn", "bulbs", "blossom", "trellis", "shrubs", "soil", "roses"],
        ["guitar", "melody", "orchestra", "drummer", "chorus", "violin", "rhythm", "concert", "piano", "singer", "trumpet", "harmony", "encore", "ballad", "cello", "tempo", "rehearsal", "chords"],
        ["anchor", "harbor", "mast", "tide", "rudder", "sails", "compass", "crew", "lighthouse", "keel", "regatta", "buoy", "waves", "galley", "deck", "captain", "knots", "lagoon"],
    ];

    private static readonly string[] s_templates =
    [
        "We talked about {0} and {1} until somebody mentioned {2} and even {3}.",
        "First came {0}, then {1}, and between {2} and {3} the day was over.",
        "My sister knows {0} and {1} but never thinks of {2} or {3}.",
        "The article about {0} explains {1}, touches {2} and ends with {3}.",
        "Without {0} there is no {1}, whatever they say about {2} and {3}.",
        "Our neighbours love {0}, their children prefer {1}, and all of them enjoy {2} after {3}.",
        "He wrote three pages on {0} and {1} with a note on {2} beside {3}.",
        "Is there more to {0} than {1}, asked the visitor who had seen {2} and {3}?",
        "Every weekend brings {0}, some {1}, much {2} and a little {3}.",
        "They remembered {0} from last year, also {1}, hardly {2}, and surely {3}.",
    ];

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        var bags = new HashSet<string>();
        while (true)
        {
            int topic = bags.Count % s_labels.Length;
            string text = Sentence(topic, random);
            if (bags.Add(WordBag.Of(text))) yield return [text, s_labels[topic]];
        }
    }

    private static string Sentence(int topic, Xoshiro256 random)
    {
        string[] own = [.. s_keywords[topic]];
        random.Shuffle(own.AsSpan());
        int other = (topic + 1 + random.NextInt(s_labels.Length - 1)) % s_labels.Length;
        string[] words = [own[0], own[1], own[2], random.Pick(s_keywords[other])];
        random.Shuffle(words.AsSpan());
        return string.Format(CultureInfo.InvariantCulture, random.Pick(s_templates), words);
    }
}
