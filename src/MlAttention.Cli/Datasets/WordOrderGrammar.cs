using System.Text.RegularExpressions;

namespace MlAttention.Cli.Datasets;

/// <summary>The sentences of the data set word-order: its words, its templates, and how probable each sentence is. It needs nothing of this library.</summary>
internal static class WordOrderGrammar
{
    public static readonly string[] Fields = ["kitchen", "medicine", "school"];

    public static readonly string[][] People =
    [
        ["cook", "baker", "waiter", "butcher", "brewer", "grocer"],
        ["doctor", "nurse", "surgeon", "dentist", "midwife", "pharmacist"],
        ["teacher", "student", "librarian", "professor", "tutor", "principal"],
    ];

    public static readonly string[] Verbs =
    [
        "introduced", "recommended", "described", "mentioned", "entrusted", "compared", "sent", "referred", "showed", "presented",
        "assigned", "explained", "betrayed", "reported", "dispatched", "transferred", "directed", "brought",
    ];

    public static readonly string[] Times =
    [
        "yesterday", "today", "recently", "once", "last week", "last summer", "this morning", "that evening", "on monday", "on friday",
        "in spring", "in october", "before noon", "after lunch", "two days ago", "during the break", "at midnight", "years ago",
    ];

    public static readonly string[] Places =
    [
        "at the station", "in the garden", "near the bridge", "on the train", "at the market", "in the lobby", "at the festival",
        "in the corridor", "on the ferry", "near the fountain", "at the airport", "in the village", "at a party", "in the theatre", "on the terrace",
    ];

    public static readonly string[] Adjectives =
    [
        "young", "old", "tired", "cheerful", "famous", "shy", "clever", "busy", "friendly", "nervous", "tall", "patient", "new", "honest", "curious", "retired",
    ];

    // {A} acts, {P} is acted on, {R} receives; {a} is an adjective or nothing. No person stands beside punctuation,
    // so a tokenizer that leaves punctuation on words cannot tell the arrangements apart by their words either.
    public static readonly string[] Templates =
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

    private static readonly Dictionary<string, int> s_fieldOf = People.Index().SelectMany(field => field.Item.Select(person => (person, field.Index))).ToDictionary(person => person.person, person => person.Index);

    private static readonly Regex[] s_sentences = [.. Templates.Select(Sentence)];

    /// <summary>The natural logarithm of the probability with which the grammar makes a sentence; null for a text that it never makes.</summary>
    /// <remarks>A template, a verb, a time, a place, an adjective in every second sentence, a person of each field, and one of their six orders: all alike.</remarks>
    public static double? LogProbability(string text)
    {
        for (int template = 0; template < Templates.Length; template++)
        {
            if (s_sentences[template].Match(text) is not { Success: true } match) continue;
            if (new[] { "A", "P", "R" }.Select(role => s_fieldOf[match.Groups[role].Value]).Distinct().Count() < People.Length) return null;
            double log = -Math.Log(Templates.Length) - Math.Log(Verbs.Length) - Math.Log(6);
            foreach (string[] field in People) log -= Math.Log(field.Length);
            if (match.Groups["t"].Success) log -= Math.Log(Times.Length);
            if (match.Groups["l"].Success) log -= Math.Log(Places.Length);
            return log - Math.Log(2) - (match.Groups["a"].Value.Length > 0 ? Math.Log(Adjectives.Length) : 0);
        }
        return null;
    }

    /// <summary>A text with a capital letter.</summary>
    public static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static Regex Sentence(string template)
    {
        string pattern = Regex.Escape(template);
        foreach (string role in new[] { "A", "P", "R" }) Fill(role, role, People.SelectMany(field => field));
        Fill("v", "v", Verbs);
        Fill("t", "t", Times);
        Fill("T", "t", Times.Select(Capitalized));
        Fill("l", "l", Places);
        Fill("L", "l", Places.Select(Capitalized));
        Fill("a", "a", [.. Adjectives.Select(adjective => adjective + " "), ""]);
        return new Regex($"^{pattern}$", RegexOptions.CultureInvariant);

        void Fill(string place, string name, IEnumerable<string> words) =>
            pattern = pattern.Replace($@"\{{{place}}}", $"(?<{name}>{string.Join('|', words.Select(Regex.Escape))})", StringComparison.Ordinal);
    }
}
