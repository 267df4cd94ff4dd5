using System.Globalization;
using System.Text;

namespace MlAttention.Text;

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
