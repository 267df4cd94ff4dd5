using System.Buffers;

namespace MlAttention.Ablation.Orders;

/// <summary>
/// A text as words and back. All texts of a pretrained encoder's ablation go through this, those in order too, so that variants differ in
/// the order of their words and in nothing else.
/// </summary>
internal static class TextWords
{
    /// <summary>What stands for the separator between the words of two parts; no word holds white space.</summary>
    public const string Separator = "\n";

    // No symbols that carry a meaning of their own before or after a number: + - $ % = < >.
    private static readonly SearchValues<char> s_punctuation = SearchValues.Create(".,;:!?…()[]{}\"'`“”‘’«»„‹›¿¡、。，；：！？（）「」『』");

    /// <summary>The words of a text: what white space divides; punctuation marks at the ends of such a word are words of their own.</summary>
    public static string[] Split(string text)
    {
        var words = new List<string>();
        foreach (string part in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            int start = 0, end = part.Length;
            while (start < end && s_punctuation.Contains(part[start])) words.Add(part[start++..start]);
            while (end > start && s_punctuation.Contains(part[end - 1])) end--;
            if (end > start) words.Add(part[start..end]);
            for (int mark = end; mark < part.Length; mark++) words.Add(part[mark..(mark + 1)]);
        }
        return [.. words];
    }

    /// <summary>The words of a text of several parts, with <see cref="Separator"/> between two.</summary>
    public static string[] Split(IReadOnlyList<string> parts) => [.. parts.SelectMany((part, index) => index == 0 ? Split(part) : [Separator, .. Split(part)])];

    /// <summary>The parts of a text of so many words in the given order, as <see cref="Join"/> gives them.</summary>
    public static IReadOnlyList<string> JoinParts(IReadOnlyList<string> words, IReadOnlyList<int> order)
    {
        var parts = new List<string>();
        int start = 0;
        for (int end = 0; end <= order.Count; end++)
        {
            if (end < order.Count && words[order[end]] != Separator) continue;
            parts.Add(Join(words, [.. order.Skip(start).Take(end - start)]));
            start = end + 1;
        }
        return parts;
    }

    /// <summary>Whether a word of <see cref="Split(string)"/> is a punctuation mark.</summary>
    public static bool IsPunctuation(string word) => word.Length == 1 && s_punctuation.Contains(word[0]);

    /// <summary>
    /// The text of the words in the given order, a space before each, the first too: to byte pairs a word at the start of a text is another
    /// word, so that a bag of them would tell which came first.
    /// </summary>
    public static string Join(IReadOnlyList<string> words, IReadOnlyList<int> order) => string.Concat(order.Select(place => " " + words[place]));
}
