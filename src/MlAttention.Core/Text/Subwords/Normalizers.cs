using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MlAttention.Core.Text.Subwords;

/// <summary>A step before splitting that makes spellings equal. Thread-safe.</summary>
internal abstract class Normalizer
{
    /// <summary>Appends what a text becomes. The text has no lone surrogates.</summary>
    public abstract void Normalize(ReadOnlySpan<char> text, TextBuffer output);
}

/// <summary>NFC, NFD, NFKC or NFKD.</summary>
internal sealed class UnicodeFormNormalizer(NormalizationForm form) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (Ascii.IsValid(text)) output.Append(text);
        else UnicodeForms.Append(text, form, output);
    }
}

/// <summary>Lower case, character by character: no rule looks at neighbours, so a final sigma is a sigma.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    private const char CapitalDottedI = '\u0130', CombiningDot = '\u0307';

    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (Ascii.IsValid(text))
        {
            Ascii.ToLower(text, output.Reserve(text.Length), out _);
            return;
        }
        foreach (var rune in text.EnumerateRunes()) Append(rune, output);
    }

    /// <summary>Appends the lower case of a character: one character but for the capital I with a dot.</summary>
    public static void Append(Rune rune, TextBuffer output)
    {
        if (rune.Value == CapitalDottedI)
        {
            output.Append('i');
            output.Append(CombiningDot);
        }
        else
        {
            output.Append(Rune.ToLowerInvariant(rune));
        }
    }
}

/// <summary>Leaves out the marks that stand on letters; what was one character with its mark has to be decomposed before.</summary>
/// <param name="alsoSpacing">Whether marks with a width of their own go too, such as vowel signs: BERT keeps them.</param>
internal sealed class StripAccentsNormalizer(bool alsoSpacing) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (Ascii.IsValid(text))
        {
            output.Append(text);
            return;
        }
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsMark(rune)) output.Append(rune);
        }
    }

    private bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark => true,
        UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => alsoSpacing,
        _ => false,
    };
}

/// <summary>Leaves out white space at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (left) text = text.TrimStart();
        output.Append(right ? text.TrimEnd() : text);
    }
}

/// <summary>Puts a text before every text that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        if (text.IsEmpty) return;
        output.Append(prefix);
        output.Append(text);
    }
}

/// <summary>Puts a text in the place of each match of a pattern, which takes time in proportion to the text.</summary>
internal sealed class ReplaceNormalizer(Regex pattern, string replacement) : Normalizer
{
    public override void Normalize(ReadOnlySpan<char> text, TextBuffer output)
    {
        int done = 0;
        foreach (var match in pattern.EnumerateMatches(text))
        {
            output.Append(text[done..match.Index]);
            output.Append(replacement);
            done = match.Index + match.Length;
        }
        output.Append(text[done..]);
    }
}
