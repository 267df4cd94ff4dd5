using System.Globalization;
using System.Text;

namespace Microsoft.ML.Transforms.Text;

/// <summary>Changes the case of a text, and takes out what is not to be kept.</summary>
internal sealed record TextNormalizer(TextNormalizingEstimator.CaseMode CaseMode, bool KeepDiacritics, bool KeepPunctuations, bool KeepNumbers)
{
    // Latin, Greek and Cyrillic letters lose their diacritics; those of later blocks keep them.
    private const char LastLetterWithDiacritics = '\u04FF';
    private const char LastCombiningMark = '\u0670';

    public ReadOnlyMemory<char> Normalize(ReadOnlyMemory<char> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char character in text.Span)
        {
            if (Keeps(character))
            {
                result.Append(WithCase(KeepDiacritics ? character : WithoutDiacritics(character)));
            }
        }

        return text.Span.SequenceEqual(result.ToString()) ? text : result.ToString().AsMemory();
    }

    private bool Keeps(char character) =>
        (KeepPunctuations || !char.IsPunctuation(character))
        && (KeepNumbers || !char.IsNumber(character))
        && (KeepDiacritics || character > LastCombiningMark || char.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark);

    private char WithCase(char character) => CaseMode switch
    {
        TextNormalizingEstimator.CaseMode.Lower => char.ToLowerInvariant(character),
        TextNormalizingEstimator.CaseMode.Upper => char.ToUpperInvariant(character),
        _ => character,
    };

    private static char WithoutDiacritics(char character)
    {
        if (character is < '\u00C0' or > LastLetterWithDiacritics)
        {
            return character;
        }

        return character.ToString().Normalize(NormalizationForm.FormD)[0];
    }
}
