namespace MlAttention.Datasets;

/// <summary>The words of a text without their order: what a model without positions can see.</summary>
internal static class WordBag
{
    private static readonly char[] s_separators = [' ', ',', '.', ';', ':', '!', '?', '\n'];

    /// <summary>The lower-case words, sorted and joined; equal for two texts exactly if they are anagrams word by word.</summary>
    public static string Of(string text)
    {
        string[] words = text.ToLowerInvariant().Split(s_separators, StringSplitOptions.RemoveEmptyEntries);
        Array.Sort(words, StringComparer.Ordinal);
        return string.Join(' ', words);
    }
}
