using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>A token as people read it.</summary>
/// <param name="Text">The vocabulary's token, or what stands in the text where the vocabulary has none for it.</param>
/// <param name="IsUnknown">Whether the vocabulary has none.</param>
internal readonly record struct SpelledToken(string Text, bool IsUnknown)
{
    /// <summary>Appends the parts of a word. A part that is no token is the text up to the next part; of several beside each other all but the last are one character.</summary>
    /// <param name="word">The word.</param>
    /// <param name="parts">Each part's token; null where the vocabulary has none.</param>
    /// <param name="tokens">Receives the parts.</param>
    public static void Append(ReadOnlySpan<char> word, IReadOnlyList<string?> parts, List<SpelledToken> tokens)
    {
        for (int part = 0; part < parts.Count; part++)
        {
            bool isUnknown = parts[part] is null;
            int length = isUnknown ? UnknownLength(word, parts, part) : word.StartsWith(parts[part], StringComparison.Ordinal) ? parts[part]!.Length : 0;
            tokens.Add(new(parts[part] ?? word[..length].ToString(), isUnknown));
            word = word[length..];
        }
    }

    private static int UnknownLength(ReadOnlySpan<char> word, IReadOnlyList<string?> parts, int part)
    {
        if (word.IsEmpty || part + 1 == parts.Count) return word.Length;
        Rune.DecodeFromUtf16(word, out _, out int character);
        int following = parts[part + 1] is { } next ? word[character..].IndexOf(next, StringComparison.Ordinal) : 0;
        return following < 0 ? word.Length : character + following;
    }
}
