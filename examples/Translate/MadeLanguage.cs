namespace MlAttention.Examples.Translate;

/// <summary>
/// English sentences and their translation into a made-up language, which says everything in another order: when, who, whom, how many, and
/// at last the verb; an adjective follows its noun, and "the" and "a" are not said.
/// </summary>
internal static class MadeLanguage
{
    private static readonly (string English, string Made)[] s_nouns =
    [
        ("bird", "tavi"), ("ship", "moru"), ("king", "selo"), ("river", "nuba"), ("tree", "kalu"),
        ("sailor", "pimi"), ("horse", "dorga"), ("stone", "beku"), ("farmer", "lanto"), ("bear", "ruvi"),
    ];

    private static readonly (string English, string Made)[] s_adjectives =
        [("", ""), ("red", "osha"), ("old", "zemi"), ("small", "tik"), ("tall", "harn"), ("quiet", "ulu"), ("bright", "fesk"), ("cold", "niv"), ("strange", "wob")];

    private static readonly (string English, string Made)[] s_verbs =
        [("sees", "ekra"), ("follows", "istu"), ("finds", "amnel"), ("carries", "ogdo"), ("remembers", "yssa"), ("paints", "ulmi")];

    private static readonly (string English, string Made)[] s_numbers = [("a", ""), ("two", "bo"), ("three", "dri"), ("five", "kem"), ("nine", "sut")];

    private static readonly (string English, string Made)[] s_times = [("", ""), ("at night", "vesh"), ("in spring", "alor"), ("every day", "jun"), ("before dawn", "quen")];

    /// <summary>Different sentences with their translations; which ones follows from the seed.</summary>
    public static IReadOnlyList<SentencePair> Sentences(int count, int seed)
    {
        var random = new Random(seed);
        var sentences = new Dictionary<string, SentencePair>(count);
        while (sentences.Count < count)
        {
            var sentence = Sentence(random);
            sentences.TryAdd(sentence.Source, sentence);
        }
        return [.. sentences.Values];
    }

    private static SentencePair Sentence(Random random)
    {
        var (who, whom) = (Any(random, s_nouns), Any(random, s_nouns));
        var (whoIs, whomIs) = (Any(random, s_adjectives), Any(random, s_adjectives));
        var (verb, number, time) = (Any(random, s_verbs), Any(random, s_numbers), Any(random, s_times));
        var plural = number.English == "a" ? "" : "s";
        return new()
        {
            Source = Join("the", whoIs.English, who.English, verb.English, number.English, whomIs.English, whom.English + plural, time.English),
            Target = Join(time.Made, who.Made, whoIs.Made, whom.Made, whomIs.Made, number.Made, verb.Made),
        };
    }

    private static (string English, string Made) Any(Random random, (string English, string Made)[] words) => words[random.Next(words.Length)];

    private static string Join(params string[] words) => string.Join(' ', words.Where(word => word.Length > 0));
}

/// <summary>A sentence and its translation.</summary>
internal sealed class SentencePair
{
    public string Source { get; set; } = "";

    public string Target { get; set; } = "";
}
