using System.Globalization;
using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>GPT-2's words, which keep the space before them: contractions, runs of letters, of digits, of other characters, of white space.</summary>
/// <remarks>By hand what the pattern says: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</remarks>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool split) : PreTokenizer
{
    private enum Kind
    {
        Space,
        Letter,
        Digit,
        Other,
    }

    public override void Split(ReadOnlySpan<char> text, WordList words)
    {
        if (text.IsEmpty) return;
        if (addPrefixSpace && text[0] != ' ')
        {
            words.Scratch.Clear();
            words.Scratch.Append(' ');
            words.Scratch.Append(text);
            text = words.Scratch.Text;
        }
        while (!text.IsEmpty)
        {
            int length = split ? NextWord(text) : text.Length;
            words.Add(text[..length]);
            text = text[length..];
        }
    }

    private static int NextWord(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && Contraction(text[1..]) is var letters and > 0) return 1 + letters;
        int space = text[0] == ' ' && text.Length > 1 ? 1 : 0;
        var kind = KindAt(text[space..], out int length);
        if (kind != Kind.Space) return space + length + Run(text[(space + length)..], kind);
        // White space, without its last where a word follows, which takes it.
        int run = Run(text, Kind.Space);
        return run == text.Length || run == 1 ? run : run - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text) => text switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r', 'e', ..] or ['v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static int Run(ReadOnlySpan<char> text, Kind kind)
    {
        int end = 0;
        while (end < text.Length && KindAt(text[end..], out int length) == kind) end += length;
        return end;
    }

    private static Kind KindAt(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text[0] < 128) return char.IsAsciiLetter(text[0]) ? Kind.Letter : char.IsAsciiDigit(text[0]) ? Kind.Digit : char.IsWhiteSpace(text[0]) ? Kind.Space : Kind.Other;
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Rune.GetUnicodeCategory(rune) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Digit,
            _ => Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Other,
        };
    }
}
