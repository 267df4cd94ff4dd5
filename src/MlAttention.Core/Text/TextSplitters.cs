using System.Globalization;
using System.Text;

namespace MlAttention.Core.Text;

/// <summary>Where a token stands in its text.</summary>
/// <param name="Start">Index of the first character.</param>
/// <param name="Length">Number of characters (UTF-16 units).</param>
internal readonly record struct TokenSpan(int Start, int Length);

/// <summary>Finds the tokens of a text. One instance serves one thread.</summary>
internal abstract class TextSplitter
{
    private readonly List<TokenSpan> _tokens = [];

    /// <summary>The tokens of <paramref name="text"/> in order; valid until the next call.</summary>
    public ReadOnlySpan<TokenSpan> Split(ReadOnlySpan<char> text)
    {
        _tokens.Clear();
        Split(text, _tokens);
        return CollectionsMarshal.AsSpan(_tokens);
    }

    /// <summary>Appends the tokens of <paramref name="text"/> in order.</summary>
    protected abstract void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens);
}

/// <summary>Each Unicode scalar value is a token; a run of white space is one token, its first character, and none at the ends.</summary>
internal sealed class CharacterSplitter : TextSplitter
{
    protected override void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens)
    {
        int pendingSpace = -1;
        for (int i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text[i..], out var rune, out int length);
            if (Rune.IsWhiteSpace(rune))
            {
                if (pendingSpace < 0 && tokens.Count > 0) pendingSpace = i;
            }
            else
            {
                if (pendingSpace >= 0) tokens.Add(new TokenSpan(pendingSpace, 1));
                pendingSpace = -1;
                tokens.Add(new TokenSpan(i, length));
            }
            i += length;
        }
    }
}

/// <summary>Words, numbers, and, if kept, punctuation marks and other symbols.</summary>
/// <remarks>
/// A word is a run of letters, marks and digits; an apostrophe between letters (don't, l'eau) and a point or comma between digits
/// (3.14, 1,000) belong to it. A minus before a digit belongs to the number at the start of the text, after white space and
/// after an opening bracket. Every other symbol is a token of its own; an emoji with its modifiers is one token.
/// </remarks>
internal sealed class WordSplitter(bool keepPunctuation) : TextSplitter
{
    protected override void Split(ReadOnlySpan<char> text, List<TokenSpan> tokens)
    {
        for (int i = 0; i < text.Length;)
        {
            (int size, bool isToken) = CharacterClasses.At(text[i..], out int length) switch
            {
                CharacterClass.Letter or CharacterClass.Digit => (EndOfWord(text, i) - i, true),
                CharacterClass.Ideograph => (length, true),
                CharacterClass.Symbol when IsSign(text, i) => (EndOfWord(text, i + 1) - i, true),
                CharacterClass.Symbol => (text[i] < 128 ? 1 : StringInfo.GetNextTextElementLength(text[i..]), keepPunctuation),
                _ => (length, false),
            };
            if (isToken) tokens.Add(new TokenSpan(i, size));
            i += size;
        }
    }

    private static int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        var previous = CharacterClass.Symbol;
        for (int i = start; i < text.Length;)
        {
            var here = CharacterClasses.At(text[i..], out int length);
            if (here is not (CharacterClass.Letter or CharacterClass.Digit))
            {
                var next = i + length < text.Length ? CharacterClasses.At(text[(i + length)..], out _) : CharacterClass.Space;
                bool joins = here == CharacterClass.Format ? next is CharacterClass.Letter or CharacterClass.Digit
                    : text[i] is '\'' or '\u2019' ? previous == CharacterClass.Letter && next == CharacterClass.Letter
                    : text[i] is '.' or ',' && previous == CharacterClass.Digit && next == CharacterClass.Digit;
                if (!joins) return i;
            }
            else
            {
                previous = here;
            }
            i += length;
        }
        return text.Length;
    }

    private static bool IsSign(ReadOnlySpan<char> text, int i)
    {
        if (text[i] is not ('-' or '\u2212') || i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1])) return false;
        return i == 0 || char.IsWhiteSpace(text[i - 1]) || text[i - 1] is '(' or '[' or '{';
    }
}

/// <summary>What a character is to <see cref="WordSplitter"/>.</summary>
internal enum CharacterClass : byte
{
    Space,
    Letter,
    Digit,
    /// <summary>A character that is a word of its own: ideographs and kana, which are written without spaces.</summary>
    Ideograph,
    /// <summary>Belongs to the word when it stands inside one and separates words otherwise: joiners, soft hyphens.</summary>
    Format,
    Symbol,
}

/// <summary>Classifies characters by their Unicode category; ASCII by a table.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Ascii = [.. Enumerable.Range(0, 128).Select(value => Classify(new Rune(value)))];

    /// <summary>The class of the character at the start of <paramref name="text"/>, and its length in UTF-16 units.</summary>
    public static CharacterClass At(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text[0] < 128) return Ascii[text[0]];
        Rune.DecodeFromUtf16(text, out var rune, out length);
        return Classify(rune);
    }

    private static CharacterClass Classify(Rune rune)
    {
        if (IsIdeograph(rune.Value)) return CharacterClass.Ideograph;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ConnectorPunctuation or
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Digit,
            UnicodeCategory.Format => CharacterClass.Format,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or
            UnicodeCategory.Control => CharacterClass.Space,
            _ => CharacterClass.Symbol,
        };
    }

    private static bool IsIdeograph(int value) => value
        is >= 0x3041 and <= 0x30FF      // hiragana, katakana
        or >= 0x3400 and <= 0x4DBF      // CJK extension A
        or >= 0x4E00 and <= 0x9FFF      // CJK
        or >= 0xF900 and <= 0xFAFF      // CJK compatibility
        or >= 0x20000 and <= 0x3FFFF;   // CJK extensions B and later
}
