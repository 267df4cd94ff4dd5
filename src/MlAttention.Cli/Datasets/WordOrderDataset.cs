namespace MlAttention.Cli.Datasets;

/// <summary>
/// Who did what to whom: three people of three fields of work appear in each sentence and the label is the field of the one who acts.
/// Each sentence comes in all six arrangements of its people, so every bag of words stands under every label equally often,
/// and a model that cannot see order is right one time in three, exactly.
/// </summary>
internal sealed class WordOrderDataset() : DatasetGenerator(
    "word-order", "who did what to whom; every bag of words stands under every label equally often", ["Text", "Label", "Group"], 4800)
{
    /// <summary>Sentences that share one bag of words: the arrangements of three people.</summary>
    public const int GroupSize = 6;

    private static readonly string[] s_labels = ["kitchen", "medicine", "school"];

    private static readonly string[][] s_people =
    [
        ["cook", "baker", "waiter", "butcher", "brewer", "grocer"],
        ["doctor", "nurse", "surgeon", "dentist", "midwife", "pharmacist"],
        ["teacher", "student", "librarian", "professor", "tutor", "principal"],
    ];

    private static readonly string[] s_verbs =
    [
        "introduced", "recommended", "described", "mentioned", "entrusted", "compared", "sent", "referred", "showed", "presented",
        "assigned", "explained", "betrayed", "reported", "dispatched", "transferred", "directed", "brought",
    ];

    private static readonly string[] s_times =
    [
        "yesterday", "today", "recently", "once", "last week", "last summer", "this morning", "that evening", "on monday", "on friday",
        "in spring", "in october", "before noon", "after lunch", "two days ago", "during the break", "at midnight", "years ago",
    ];

    private static readonly string[] s_places =
    [
        "at the station", "in the garden", "near the bridge", "on the train", "at the market", "in the lobby", "at the festival",
        "in the corridor", "on the ferry", "near the fountain", "at the airport", "in the village", "at a party", "in the theatre", "on the terrace",
    ];

    private static readonly string[] s_adjectives =
    [
        "young", "old", "tired", "cheerful", "famous", "shy", "clever", "busy", "friendly", "nervous", "tall", "patient", "new", "honest", "curious", "retired",
    ];

    // {A} acts, {P} is acted on, {R} receives; {a} is an adjective or nothing. No person stands beside punctuation,
    // so a tokenizer that leaves punctuation on words cannot tell the arrangements apart by their words either.
    private static readonly string[] s_templates =
    [
        "The {a}{A} {v} the {P} to the {R} {t} {l}.",
        "The {A} {v} the {a}{P} to the {R} {l}.",
        "{T}, the {a}{A} {v} the {P} to the {R} {l}.",
        "The {P} was {v} to the {R} by the {a}{A} {l} {t}.",
        "{T}, the {a}{P} was {v} to the {R} by the {A} {l}.",
        "The {P} was {v} by the {a}{A} to the {R} {t}.",
        "To the {R} the {a}{A} {v} the {P} {t} {l}.",
        "{L}, the {A} {v} the {P} to the {a}{R} {t}.",
        "It was the {a}{A} who {v} the {P} to the {R} {l}.",
        "It was the {a}{P} whom the {A} {v} to the {R} {t}.",
    ];

    private static readonly int[][] s_arrangements = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

    protected override string? WhyNot(int rows) => rows > 0 && rows % GroupSize == 0 ? null
        : $"{Name} makes whole groups of {GroupSize} sentences with the same words; {rows} rows are no multiple of {GroupSize}.";

    protected override IEnumerable<string[]> Rows(Xoshiro256 random)
    {
        var bags = new HashSet<string>();
        while (true)
        {
            string frame = Frame(random);
            string[] people = [.. s_people.Select(random.Pick)];
            if (!bags.Add(WordBag.Of(Fill(frame, people, s_arrangements[0])))) continue;
            string group = FormattableString.Invariant($"{bags.Count}");
            foreach (int[] arrangement in s_arrangements) yield return [Fill(frame, people, arrangement), s_labels[arrangement[0]], group];
        }
    }

    private static string Frame(Xoshiro256 random)
    {
        string time = random.Pick(s_times), place = random.Pick(s_places);
        return random.Pick(s_templates)
            .Replace("{v}", random.Pick(s_verbs), StringComparison.Ordinal)
            .Replace("{t}", time, StringComparison.Ordinal).Replace("{T}", Capitalized(time), StringComparison.Ordinal)
            .Replace("{l}", place, StringComparison.Ordinal).Replace("{L}", Capitalized(place), StringComparison.Ordinal)
            .Replace("{a}", random.NextInt(2) == 0 ? random.Pick(s_adjectives) + " " : "", StringComparison.Ordinal);
    }

    private static string Fill(string frame, string[] people, int[] arrangement) => frame
        .Replace("{A}", people[arrangement[0]], StringComparison.Ordinal)
        .Replace("{P}", people[arrangement[1]], StringComparison.Ordinal)
        .Replace("{R}", people[arrangement[2]], StringComparison.Ordinal);

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
