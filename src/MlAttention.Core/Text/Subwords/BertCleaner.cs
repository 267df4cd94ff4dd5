using System.Globalization;
using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>BERT's first step: control characters go, every white space is a space, and ideographs stand alone.</summary>
internal sealed class BertCleaner(bool cleanText, bool separateIdeographs) : Normalizer
{
    private const char Replacement = '\uFFFD';

    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (Ascii.IsValid(text) && !text.ContainsAnyExceptInRange(' ', '~'))
        {
            output.Append(text);
            return;
        }
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleanText && IsDropped(rune)) continue;
            bool alone = separateIdeographs && IsIdeograph(rune.Value);
            if (alone) output.Append(' ');
            if (cleanText && Rune.IsWhiteSpace(rune)) output.Append(' ');
            else output.Append(rune);
            if (alone) output.Append(' ');
        }
    }

    /// <summary>Control and format characters, private ones and the replacement character; tab and line ends are white space.</summary>
    private static bool IsDropped(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && (rune.Value == Replacement || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse);

    /// <summary>The blocks of CJK unified and compatibility ideographs; kana and hangul are written as words.</summary>
    private static bool IsIdeograph(int code) => code
        is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0xF900 and <= 0xFAFF
        or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B73F or >= 0x2B740 and <= 0x2B81F or >= 0x2B920 and <= 0x2CEAF or >= 0x2F800 and <= 0x2FA1F;
}
