using System.Globalization;
using System.Text;

namespace MlAttention.Cli.Commands;

/// <summary>Encodings by the names that people use: those of .NET and of Windows' code pages, their numbers, and what Python and editors call them.</summary>
internal static class EncodingNames
{
    /// <summary>The encoding of a name.</summary>
    /// <exception cref="InputException">There is none; the message says what may be meant.</exception>
    public static Encoding Find(string name)
    {
        string usual = name.Trim().ToLowerInvariant() switch
        {
            "utf8" or "utf-8-sig" or "utf8-bom" or "utf-8-bom" => "utf-8",
            "utf16" or "utf-16le" => "utf-16",
            "utf32" => "utf-32",
            ['c', 'p', .. var page] => page,
            var other => other,
        };
        try
        {
            // The code pages are not registered for the whole process: a command does not change what others see.
            return int.TryParse(usual, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0
                ? CodePagesEncodingProvider.Instance.GetEncoding(number) ?? Encoding.GetEncoding(number)
                : CodePagesEncodingProvider.Instance.GetEncoding(usual) ?? Encoding.GetEncoding(usual);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw new InputException($"--encoding {name}: there is no such encoding. Try utf-8, utf-16, iso-8859-1 or a code page: " +
                "what Windows calls ANSI is windows-1252 in western Europe and America, windows-1250 in central Europe, windows-1251 where Cyrillic is written.", error);
        }
    }
}
