using System.Text;
using System.Text.RegularExpressions;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Reads the normalizer of a tokenizer.json as the steps that it is made of.</summary>
internal static class NormalizerReader
{
    private const int MostSteps = 64, LongestPattern = 1000, LongestReplacement = 100;

    /// <summary>The steps in their order.</summary>
    /// <param name="part">The normalizer, or null.</param>
    /// <param name="configuration">tokenizer_config.json, whose settings go before those of BertNormalizer as they do in transformers.</param>
    public static List<Normalizer> Read(JsonPart part, JsonPart? configuration)
    {
        var steps = new List<Normalizer>();
        AddSteps(part, configuration, steps);
        return steps;
    }

    /// <summary>The steps of BERT; accents go where that is null and letters become lower case.</summary>
    public static IEnumerable<Normalizer> Bert(bool cleanText, bool separateIdeographs, bool? stripAccents, bool lowerCase)
    {
        yield return new BertCleaner(cleanText, separateIdeographs);
        if (stripAccents ?? lowerCase)
        {
            yield return new UnicodeFormNormalizer(NormalizationForm.FormD);
            yield return new StripAccentsNormalizer(alsoSpacing: false);
        }
        if (lowerCase) yield return new LowercaseNormalizer();
    }

    private static void AddSteps(JsonPart part, JsonPart? configuration, List<Normalizer> steps)
    {
        if (part.IsNull) return;
        switch (part["type"].Text())
        {
            case "Sequence":
                foreach (var step in part["normalizers"].Items()) AddSteps(step, configuration, steps);
                break;
            case "BertNormalizer":
                steps.AddRange(Bert(part, configuration));
                break;
            default:
                steps.Add(Single(part));
                break;
        }
        if (steps.Count > MostSteps) throw part.Error($"has more than {MostSteps} steps");
    }

    private static IEnumerable<Normalizer> Bert(JsonPart part, JsonPart? configuration)
    {
        JsonPart Setting(string name, string configured) => configuration is { } settings && settings.Contains(configured) ? settings[configured] : part[name];
        var strip = Setting("strip_accents", "strip_accents");
        return Bert(
            part["clean_text"].Flag(true), Setting("handle_chinese_chars", "tokenize_chinese_chars").Flag(true),
            strip.IsNull ? null : strip.Flag(false), Setting("lowercase", "do_lower_case").Flag(true));
    }

    private static Normalizer Single(JsonPart part) => part["type"].Text() switch
    {
        "NFC" => new UnicodeFormNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeFormNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeFormNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeFormNormalizer(NormalizationForm.FormKD),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(alsoSpacing: true),
        "Strip" => new StripNormalizer(part["strip_left"].Flag(true), part["strip_right"].Flag(true)),
        "Prepend" => new PrependNormalizer(Replacement(part["prepend"])),
        "Replace" => new ReplaceNormalizer(Pattern(part["pattern"]), Replacement(part["content"])),
        "Precompiled" => Precompiled(part["precompiled_charsmap"]),
        var type => throw part.Error($"is of type '{type}'; supported are BertNormalizer, Lowercase, NFC, NFD, NFKC, NFKD, Precompiled, Prepend, Replace, Sequence, Strip and StripAccents"),
    };

    private static string Replacement(JsonPart part) => part.Text() is { Length: <= LongestReplacement } text ? text : throw part.Error($"must have at most {LongestReplacement} characters");

    private static Regex Pattern(JsonPart part)
    {
        string pattern = part.Contains("String") ? Regex.Escape(part["String"].Text()) : part["Regex"].Text();
        if (pattern.Length is 0 or > LongestPattern) throw part.Error($"must have 1 to {LongestPattern} characters; got {pattern.Length}");
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw part.Error($"is not supported: '{pattern}': {exception.Message}");
        }
    }

    private static PrecompiledNormalizer Precompiled(JsonPart part)
    {
        try
        {
            return new PrecompiledNormalizer(Convert.FromBase64String(part.Text()));
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException)
        {
            throw part.Error($"is damaged: {exception.Message}");
        }
    }
}
