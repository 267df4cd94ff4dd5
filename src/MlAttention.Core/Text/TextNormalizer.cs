using System.Text;

namespace MlAttention.Core.Text;

/// <summary>Unicode form and lower case, without allocating for ASCII text. One instance serves one thread.</summary>
internal sealed class TextNormalizer(UnicodeForm form, bool lowerCase)
{
    private const char CurlyApostrophe = '\u2019';
    private char[] _buffer = new char[256];

    /// <summary>The normalised text; valid until the next call.</summary>
    public ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text)) return lowerCase ? LowerCase(text) : text;

        if (form != UnicodeForm.AsIs) text = Compose(text);
        return lowerCase ? LowerCase(text) : text;
    }

    private ReadOnlySpan<char> LowerCase(ReadOnlySpan<char> text)
    {
        if (_buffer.Length < text.Length) _buffer = new char[Math.Max(text.Length, _buffer.Length * 2)];
        int length = text.ToLowerInvariant(_buffer);
        return _buffer.AsSpan(0, length);
    }

    private ReadOnlySpan<char> Compose(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyInRange('\uD800', '\uDFFF')) text = ReplaceLoneSurrogates(text);
        var normalization = form == UnicodeForm.Composed ? NormalizationForm.FormC : NormalizationForm.FormKC;
        if (!text.IsNormalized(normalization)) text = text.ToString().Normalize(normalization);
        return text.Contains(CurlyApostrophe) ? text.ToString().Replace(CurlyApostrophe, '\'') : text;
    }

    /// <summary>Half of a surrogate pair is no character, and normalisation would refuse the whole text.</summary>
    private static string ReplaceLoneSurrogates(ReadOnlySpan<char> text)
    {
        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) builder.Append(rune);
        return builder.ToString();
    }
}
