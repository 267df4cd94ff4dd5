using System.Text;
using MlAttention.Core.Text;

namespace MlAttention.Csv;

/// <summary>Names and labels that a reader takes for the same although their characters differ.</summary>
internal static class LookAlike
{
    /// <summary>The same for all texts that look alike: without case, blanks around it and characters that do not show, in Unicode's form KC.</summary>
    public static string Key(string text)
    {
        var normalized = new TextNormalizer(UnicodeForm.Compatible, lowerCase: true).Normalize(text).ToString();
        var shown = new StringBuilder(normalized.Length);
        foreach (var c in normalized)
            if (char.IsWhiteSpace(c)) shown.Append(' ');
            else if (!IsHidden(c)) shown.Append(c);
        return string.Join(' ', shown.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The text in quotes, so that blanks around it show, with a code in place of each character that does not.</summary>
    public static string Quoted(string text)
    {
        var shown = new StringBuilder(text.Length + 2).Append('\'');
        foreach (var c in text)
            if (c != ' ' && (char.IsWhiteSpace(c) || IsHidden(c))) shown.Append(Code(c));
            else shown.Append(c);
        return shown.Append('\'').ToString();
    }

    /// <summary>The text as it is or, where that would hide something, in quotes.</summary>
    public static string Shown(string text) => Quoted(text) is var quoted && quoted.AsSpan(1, quoted.Length - 2).SequenceEqual(text) && text.Trim() == text && text.Length > 0 ? text : quoted;

    /// <summary>The code of a character, for example \u00A0.</summary>
    public static string Code(char c) => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");

    /// <summary>Whether a character takes no room: control characters, and format characters such as the byte order mark.</summary>
    public static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
