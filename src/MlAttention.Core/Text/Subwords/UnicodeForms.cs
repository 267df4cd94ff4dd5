using System.Text;

namespace MlAttention.Core.Text.Subwords;

/// <summary>Unicode's normal forms, appended without a string between.</summary>
internal static class UnicodeForms
{
    private static readonly bool s_available = "\u00E9".Normalize(NormalizationForm.FormD).Length == 2;

    /// <summary>The one code point that .NET does not normalise; no form changes it or joins it with a neighbour.</summary>
    private const char NotNormalized = '\uFFFE';

    /// <summary>Appends a text in a normal form.</summary>
    /// <exception cref="InvalidOperationException">The program runs without Unicode's tables, and would give other ids than elsewhere.</exception>
    public static void Append(ReadOnlySpan<char> text, NormalizationForm form, TextBuffer output)
    {
        if (text.IsEmpty) return;
        if (!s_available)
            throw new InvalidOperationException("A text with accents needs Unicode's normal forms, which this program runs without (InvariantGlobalization is true, or ICU is missing): its ids would differ from those in training. Set InvariantGlobalization to false and install ICU.");
        for (int end; (end = text.IndexOf(NotNormalized)) >= 0; text = text[(end + 1)..])
        {
            AppendPart(text[..end], form, output);
            output.Append(NotNormalized);
        }
        AppendPart(text, form, output);
    }

    private static void AppendPart(ReadOnlySpan<char> text, NormalizationForm form, TextBuffer output)
    {
        if (text.IsEmpty) return;
        int start = output.Length;
        int room = text.Length + 16;
        int written;
        while (!text.TryNormalize(output.Reserve(room), out written, form))
        {
            output.Cut(start);
            room *= 2;
        }
        output.Cut(start + written);
    }
}
